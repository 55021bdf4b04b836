// SPDX-License-Identifier: Apache-2.0
#include "lib/os/bounded_file.h"

#include <cstring>

#include "lib/os/place.h"
#include "lib/os/write.h"

namespace tandem::os {

base::Result<std::shared_ptr<BoundedFile>> BoundedFile::create(const std::string& path,
                                                               const std::vector<std::string>& directories,
                                                               const Limits& limits) {
  auto file = open_regular_below(directories, path, Access::create);
  if (!file) {
    return base::fail_with_context(fmt::format("cannot create {}", path), file.error());
  }
  return std::shared_ptr<BoundedFile>(new BoundedFile(path, std::move(*file), limits));
}

bool BoundedFile::reserve(std::size_t size) {
  if (ended_ || full_ || backlog_ + size > limits_.backlog) {
    full_ = true;
    return false;
  }
  backlog_ += size;
  return true;
}

std::optional<std::string> BoundedFile::append(const std::string& text) {
  backlog_ -= text.size();
  if (ended_) {
    return std::nullopt;
  }
  if (size_ + text.size() > limits_.size) {
    return end("it has reached its largest size");
  }
  if (const int error = write_all(file_.get(), text); error != 0) {
    return end(std::strerror(error));
  }
  size_ += text.size();
  return full_ ? std::optional(end("the disk is too slow for it")) : std::nullopt;
}

std::string BoundedFile::end(std::string why) {
  ended_ = true;
  return why;
}

}  // namespace tandem::os
