// SPDX-License-Identifier: Apache-2.0
#include "lib/os/stderr.h"

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace tandem::os {
namespace {

// How long a write() may take. After poll() it takes microseconds, unless another process fills the pipe in between or a
// terminal has room for a part of the line only.
constexpr suseconds_t kLongestWrite = 5'000;  // microseconds

void interrupt(int /*number*/) {}

// Interrupts a system call of the calling thread that takes longer.
class Alarm {
 public:
  explicit Alarm(suseconds_t after) {
    struct sigaction action{};
    action.sa_handler = interrupt;  // without SA_RESTART: the call ends
    ::sigaction(SIGALRM, &action, &action_before_);
    sigset_t alarm;
    ::sigemptyset(&alarm);
    ::sigaddset(&alarm, SIGALRM);
    ::pthread_sigmask(SIG_UNBLOCK, &alarm, &mask_before_);
    set(after);
  }
  ~Alarm() {
    set(0);
    ::pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
    ::sigaction(SIGALRM, &action_before_, nullptr);
  }
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

 private:
  // Repeated: the first signal may arrive before the call has begun.
  static void set(suseconds_t period) {
    const itimerval time{{0, period}, {0, period}};
    ::setitimer(ITIMER_REAL, &time, nullptr);
  }

  struct sigaction action_before_{};
  sigset_t mask_before_{};
};

// `text` is not longer than PIPE_BUF, which a writable pipe takes whole. Returns -1 if stderr does not take it.
ssize_t write_at_once(std::string_view text, std::chrono::milliseconds timeout) {
  pollfd output{STDERR_FILENO, POLLOUT, 0};
  if (::poll(&output, 1, static_cast<int>(timeout.count())) != 1 || (output.revents & POLLOUT) == 0) {
    return -1;
  }
  const ssize_t sent = ::send(STDERR_FILENO, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent >= 0 || errno != ENOTSOCK) {
    return sent;
  }
  const Alarm alarm(kLongestWrite);
  return ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

void say(std::string_view lines, std::chrono::milliseconds timeout) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  while (!lines.empty()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    const ssize_t written = write_at_once(lines.substr(0, PIPE_BUF), std::max(left, std::chrono::milliseconds(0)));
    if (written <= 0) {
      return;
    }
    lines.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace tandem::os
