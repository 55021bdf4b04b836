// SPDX-License-Identifier: Apache-2.0
#include "lib/os/paths.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "lib/os/place.h"

namespace tandem::os {
namespace {

constexpr mode_t kModeAbove = 0755;

std::string instance_directory(const char* base, const std::string& name) {
  return name.empty() ? std::string(base) : fmt::format("{}/{}", base, name);
}

// Creates it with that mode, whatever the umask, unless it exists. Uses descriptors: another user may create a link in
// the path.
base::Result<> make_directory(const std::string& path, mode_t mode) {
  const auto place = TANDEM_TRY(locate(path, Links::trusted));
  const int above = place.directory.get();
  if (::mkdirat(above, place.name.c_str(), mode) != 0) {
    return errno == EEXIST ? base::Result<>() : base::fail_errno(errno, place.name);
  }
  const FileDescriptor made(::openat(above, place.name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status{};
  const bool ours = made.is_open() && ::fstat(made.get(), &status) == 0 && status.st_uid == ::geteuid();
  return ours && ::fchmod(made.get(), mode) == 0 ? base::Result<>() : base::fail_errno(errno, place.name);
}

// A lock file created by root must not keep a later start as another user from the directory.
void give_to_owner_of(const std::string& directory, int file) {
  struct stat owner{};
  if (::geteuid() == 0 && ::stat(directory.c_str(), &owner) == 0) {
    static_cast<void>(::fchown(file, owner.st_uid, owner.st_gid));
  }
}

}  // namespace

std::string runtime_directory(const std::string& name) { return instance_directory("/run/tandem", name); }

std::string state_directory(const std::string& name) { return instance_directory("/var/lib/tandem", name); }

std::string log_directory(const std::string& name) { return instance_directory("/var/log/tandem", name); }

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
    if (const auto made = make_directory(piece, end == std::string::npos ? mode : kModeAbove); !made) {
      return base::fail_with_context(fmt::format("cannot create directory {}", piece), made.error());
    }
  } while (end != std::string::npos);
  return open_directory(path) ? base::Result<>() : base::fail("{} is not a directory", path);
}

base::Result<> reserve_directory(const std::string& path) {
  const std::string name = path + "/lock";
  // It stays open, also over execve(). The directory itself could be locked by every user who may read it.
  int lock = ::open(name.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
  const int refused = errno;
  if (lock >= 0) {
    give_to_owner_of(path, lock);
  } else if (lock = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW); lock < 0) {
    return base::fail_errno(refused, fmt::format("cannot create {}", name));
  }
  if (::flock(lock, LOCK_EX | LOCK_NB) == 0) {
    return {};
  }
  const int reason = errno;
  ::close(lock);
  return reason == EWOULDBLOCK ? base::fail("directory {} is in use by another process", path)
                               : base::fail_errno(reason, fmt::format("cannot lock directory {}", path));
}

}  // namespace tandem::os
