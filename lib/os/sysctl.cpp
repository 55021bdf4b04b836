// SPDX-License-Identifier: Apache-2.0
#include "lib/os/sysctl.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "lib/os/fd.h"

namespace tandem::os {
namespace {

std::string path_of(const std::string& key) { return "/proc/sys/" + key; }

}  // namespace

base::Result<std::string> read_sysctl(const std::string& key) {
  const FileDescriptor file(::open(path_of(key).c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) {
    return base::fail_errno(errno, fmt::format("cannot open sysctl {}", key));
  }
  std::array<char, 256> buffer{};
  const ssize_t size = ::read(file.get(), buffer.data(), buffer.size());
  if (size < 0) {
    return base::fail_errno(errno, fmt::format("cannot read sysctl {}", key));
  }
  std::string value(buffer.data(), static_cast<std::size_t>(size));
  while (!value.empty() && value.back() == '\n') {
    value.pop_back();
  }
  return value;
}

base::Result<> write_sysctl(const std::string& key, const std::string& value) {
  const FileDescriptor file(::open(path_of(key).c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.is_open()) {
    return base::fail_errno(errno, fmt::format("cannot open sysctl {}", key));
  }
  if (::write(file.get(), value.data(), value.size()) != static_cast<ssize_t>(value.size())) {
    return base::fail_errno(errno, fmt::format("cannot set sysctl {} to {}", key, value));
  }
  return {};
}

}  // namespace tandem::os
