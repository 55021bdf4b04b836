// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/recording_file.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "lib/os/place.h"
#include "vrrpd/daemon/messages.h"
#include "vrrpd/recording/limits.h"

namespace tandem::vrrpd::daemon {
namespace {

// 0, or the errno of what went wrong.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      return errno;
    }
    text = text.substr(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
  return 0;
}

}  // namespace

base::Result<std::shared_ptr<RecordingFile>> RecordingFile::create(log::Logger& logger, const std::string& path,
                                                                   const std::vector<std::string>& directories) {
  auto file = os::open_regular_below(directories, path, os::Access::create);
  if (!file) {
    return base::fail_with_context(fmt::format("cannot create {}", path), file.error());
  }
  return std::shared_ptr<RecordingFile>(new RecordingFile(logger, path, std::move(*file)));
}

bool RecordingFile::reserve(std::size_t size) {
  if (ended_ || full_ || backlog_ + size > recording::kMaxBacklog) {
    full_ = true;
    return false;
  }
  backlog_ += size;
  return true;
}

void RecordingFile::append(const std::string& text) {
  backlog_ -= text.size();
  if (ended_) {
    return;
  }
  if (size_ + text.size() > recording::kMaxFileSize) {
    return end("it has reached its largest size");
  }
  if (const int error = write_all(file_.get(), text); error != 0) {
    return end(std::strerror(error));
  }
  size_ += text.size();
  if (full_) {
    end("the disk is too slow for it");
  }
}

void RecordingFile::end(std::string_view why) {
  ended_ = true;
  logger_.write<kRecordingEnded>(path_, why);
}

}  // namespace tandem::vrrpd::daemon
