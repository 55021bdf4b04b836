// SPDX-License-Identifier: Apache-2.0
#include "lib/supervisor/worker_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace tandem::supervisor {
namespace {

ProcessState state_of(const os::FileDescriptor& stat) {
  std::array<char, 512> text{};
  const ssize_t size = stat.is_open() ? ::pread(stat.get(), text.data(), text.size(), 0) : 0;
  return state_in({text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))});
}

}  // namespace

ProcessState state_in(std::string_view stat) {
  const std::size_t name_end = stat.rfind(") ");  // the name may have any character
  if (name_end == std::string_view::npos || name_end + 2 >= stat.size()) {
    return ProcessState::other;
  }
  switch (stat[name_end + 2]) {
    case 'R':
      return ProcessState::running;
    case 'D':
      return ProcessState::in_kernel;
    default:
      return ProcessState::other;
  }
}

// g++ 12's C library has no wrappers for pidfd_open and pidfd_send_signal.
WorkerProcess WorkerProcess::open(pid_t pid) {
  WorkerProcess opened;
  opened.process_ = os::FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (opened.is_open()) {
    opened.pid_ = pid;
    std::array<char, 32> path{};
    std::snprintf(path.data(), path.size(), "/proc/%d/stat", pid);
    opened.stat_ = os::FileDescriptor(::open(path.data(), O_RDONLY | O_CLOEXEC));
  }
  return opened;
}

void WorkerProcess::signal(int number) const { ::syscall(SYS_pidfd_send_signal, process_.get(), number, nullptr, 0); }

bool WorkerProcess::await_exit(milliseconds at_most) const {
  pollfd process{process_.get(), POLLIN, 0};
  return ::poll(&process, 1, static_cast<int>(at_most.count())) > 0;
}

ProcessState WorkerProcess::state() const { return state_of(stat_); }

ProcessState WorkerProcess::state_of_thread(pid_t thread) const {
  std::array<char, 64> path{};
  std::snprintf(path.data(), path.size(), "/proc/%d/task/%d/stat", pid_, thread);
  return state_of(os::FileDescriptor(::open(path.data(), O_RDONLY | O_CLOEXEC)));
}

WorkerProcess::Ended WorkerProcess::reap() {
  siginfo_t info{};
  static_cast<void>(::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED));
  *this = WorkerProcess();
  return {.exited = info.si_code == CLD_EXITED, .number = info.si_status};
}

}  // namespace tandem::supervisor
