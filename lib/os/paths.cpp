// SPDX-License-Identifier: Apache-2.0
#include "lib/os/paths.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace tandem::os {
namespace {

constexpr mode_t kModeAbove = 0755;

std::string instance_directory(const char* base, const std::string& name) {
  return name.empty() ? std::string(base) : fmt::format("{}/{}", base, name);
}

}  // namespace

std::string runtime_directory(const std::string& name) { return instance_directory("/run/tandem", name); }

std::string state_directory(const std::string& name) { return instance_directory("/var/lib/tandem", name); }

std::string configuration_directory(const std::string& name) { return instance_directory("/etc/tandem", name); }

std::string socket_path(const std::string& directory, const std::string& daemon) {
  return fmt::format("{}/{}.vty", directory, daemon);
}

std::string configuration_file(const std::string& name, const std::string& daemon) {
  return fmt::format("{}/{}.conf", configuration_directory(name), daemon);
}

base::Result<> make_directories(const std::string& path, mode_t mode) {
  std::size_t end = 0;
  do {
    end = path.find('/', end + 1);
    const std::string piece = path.substr(0, end);
    const mode_t wanted = end == std::string::npos ? mode : kModeAbove;
    const bool made = ::mkdir(piece.c_str(), wanted) == 0;
    if (!made && errno != EEXIST) {
      return base::fail_errno(errno, fmt::format("cannot create directory {}", piece));
    }
    if (made && ::chmod(piece.c_str(), wanted) != 0) {
      return base::fail_errno(errno, fmt::format("cannot set the mode of directory {}", piece));
    }
  } while (end != std::string::npos);
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    return base::fail("{} is not a directory", path);
  }
  return {};
}

base::Result<> reserve_directory(const std::string& path) {
  const int directory = ::open(path.c_str(), O_RDONLY | O_DIRECTORY);  // stays open, also in a program that is executed
  if (directory < 0) {
    return base::fail_errno(errno, fmt::format("cannot open directory {}", path));
  }
  if (::flock(directory, LOCK_EX | LOCK_NB) == 0) {
    return {};
  }
  const int reason = errno;
  ::close(directory);
  return reason == EWOULDBLOCK ? base::fail("directory {} is in use by another process", path)
                               : base::fail_errno(reason, fmt::format("cannot lock directory {}", path));
}

}  // namespace tandem::os
