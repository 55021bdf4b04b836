// SPDX-License-Identifier: Apache-2.0
#include "lib/os/daemonize.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace tandem::os {
namespace {

// The first byte of what the child writes to the parent. The message follows kFailed.
constexpr char kReady = 'R';
constexpr char kFailed = 'F';

[[noreturn]] void wait_as_parent(const std::string& program, FileDescriptor from_child, pid_t child) {
  std::string word;
  std::array<char, 1024> buffer{};
  for (;;) {
    const ssize_t size = ::read(from_child.get(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) {
      continue;
    }
    if (size <= 0) {
      break;
    }
    word.append(buffer.data(), static_cast<std::size_t>(size));
  }
  if (!word.empty() && word.front() == kReady) {
    ::_exit(EXIT_SUCCESS);
  }
  std::string why = word.empty() ? word : word.substr(1);
  if (word.empty()) {
    int status = 0;
    ::waitpid(child, &status, 0);
    why = WIFSIGNALED(status) ? fmt::format("Ended by signal {} while starting", WTERMSIG(status))
                              : fmt::format("Exited with status {} while starting", WEXITSTATUS(status));
  }
  fmt::print(stderr, "{}: {}\n", program, why);
  std::fflush(stderr);
  ::_exit(EXIT_FAILURE);
}

void tell(int descriptor, const std::string& word) {
  const ssize_t written = ::write(descriptor, word.data(), word.size());
  static_cast<void>(written);  // a parent that was killed does not matter to the daemon
}

}  // namespace

base::Result<Background> Background::enter(const std::string& program) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return base::fail_errno(errno, "cannot go to the background");
  }
  FileDescriptor reading(ends[0]);
  FileDescriptor writing(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) {
    return base::fail_errno(errno, "cannot go to the background");
  }
  if (child > 0) {
    writing.reset();
    wait_as_parent(program, std::move(reading), child);
  }
  ::setsid();
  return Background(std::move(writing));
}

void Background::report_ready() {
  tell(to_parent_.get(), std::string(1, kReady));
  leave();
}

void Background::leave() {
  const FileDescriptor null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (null.is_open()) {
      ::dup2(null.get(), standard);
    }
  }
  to_parent_.reset();
}

void Background::report_failure(const base::Error& error) {
  tell(to_parent_.get(), kFailed + error.message);
  to_parent_.reset();
}

}  // namespace tandem::os
