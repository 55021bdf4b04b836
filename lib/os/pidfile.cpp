// SPDX-License-Identifier: Apache-2.0
#include "lib/os/pidfile.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>

namespace tandem::os {
namespace {

std::string content_of(int file) {
  std::array<char, 32> buffer{};
  const ssize_t size = ::pread(file, buffer.data(), buffer.size(), 0);
  std::string text(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  return text.substr(0, text.find('\n'));
}

constexpr mode_t kMode = 0644;        // whoever looks after processes reads it
constexpr useconds_t kStep = 10'000;  // microseconds
constexpr int kSteps = 3000;          // 30 s: a child that cleans up has thousands of interfaces to remove

bool is_dead(const std::string& process) {
  pid_t pid = 0;
  std::from_chars(process.data(), process.data() + process.size(), pid);
  return pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH;
}

// The lock, as soon as whoever has it of a dead process has ended. False: somebody who is alive holds it.
bool lock(int file) {
  for (int step = 0; step < kSteps; ++step) {
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) {
      return true;
    }
    if (errno != EWOULDBLOCK || !is_dead(content_of(file))) {
      return false;
    }
    ::usleep(kStep);
  }
  errno = EWOULDBLOCK;
  return false;
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
    FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kMode));
    if (!file.is_open()) {
      return base::fail_errno(errno, fmt::format("cannot create PID file {}", path));
    }
    if (!lock(file.get())) {
      if (errno != EWOULDBLOCK) {
        return base::fail_errno(errno, fmt::format("cannot lock PID file {}", path));
      }
      return base::fail("already running as process {}: it holds PID file {}", content_of(file.get()), path);
    }
    if (!is_same_file(file.get(), path)) {
      continue;
    }
    ::fchmod(file.get(), kMode);  // whatever the umask
    const std::string pid = fmt::format("{}\n", ::getpid());
    if (::ftruncate(file.get(), 0) != 0 ||
        ::pwrite(file.get(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
      return base::fail_errno(errno, fmt::format("cannot write PID file {}", path));
    }
    return PidFile(path, std::move(file));
  }
}

PidFile::~PidFile() {
  if (file_.is_open() && !path_.empty()) {
    // In a directory of another user's it stays, and names nobody.
    if (::unlink(path_.c_str()) != 0 && ::ftruncate(file_.get(), 0) != 0) {
      return;
    }
  }
}

}  // namespace tandem::os
