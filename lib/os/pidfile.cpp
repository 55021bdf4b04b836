// SPDX-License-Identifier: Apache-2.0
#include "lib/os/pidfile.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace tandem::os {
namespace {

std::string content_of(int file) {
  std::array<char, 32> buffer{};
  const ssize_t size = ::pread(file, buffer.data(), buffer.size(), 0);
  std::string text(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  return text.substr(0, text.find('\n'));
}

// Whether the path still names the file that we have open: its former owner may have removed it between our open and
// our lock.
bool is_same_file(int file, const std::string& path) {
  struct stat open_file{};
  struct stat named_file{};
  return ::fstat(file, &open_file) == 0 && ::stat(path.c_str(), &named_file) == 0 &&
         open_file.st_ino == named_file.st_ino && open_file.st_dev == named_file.st_dev;
}

}  // namespace

base::Result<PidFile> PidFile::create(const std::string& path) {
  for (;;) {
    FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!file.is_open()) {
      return base::fail_errno(errno, fmt::format("cannot create PID file {}", path));
    }
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) {
        return base::fail_errno(errno, fmt::format("cannot lock PID file {}", path));
      }
      return base::fail("already running as process {}: it holds PID file {}", content_of(file.get()), path);
    }
    if (!is_same_file(file.get(), path)) {
      continue;
    }
    const std::string pid = fmt::format("{}\n", ::getpid());
    if (::ftruncate(file.get(), 0) != 0 ||
        ::pwrite(file.get(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
      return base::fail_errno(errno, fmt::format("cannot write PID file {}", path));
    }
    return PidFile(path, std::move(file));
  }
}

PidFile::~PidFile() {
  if (file_.is_open()) {
    ::unlink(path_.c_str());
  }
}

}  // namespace tandem::os
