// SPDX-License-Identifier: Apache-2.0
#include "vtysh/live.h"

#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>

#include "vtysh/interrupt.h"

namespace tandem::vtysh {
namespace {

constexpr std::chrono::milliseconds kRefreshInterval{1000};
constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l\x1b[2J";  // the alternate screen, without cursor
constexpr std::string_view kLeave = "\x1b[?25h\x1b[?1049l";

volatile sig_atomic_t g_ended_by = 0;  // SIGTERM or SIGHUP: the terminal is restored before the shell ends

void write_terminal(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (size < 0 && errno != EINTR) {
      return;  // the terminal is closed; the next read reports it
    }
    bytes.remove_prefix(size < 0 ? 0 : static_cast<std::size_t>(size));
  }
}

// Sets the terminal up for a live screen as long as the object exists: keys arrive as they are typed, without echo.
// Ctrl-C still makes a signal, so that it also ends the wait for a daemon that hangs.
class LiveMode {
 public:
  LiveMode() {
    std::fflush(stdout);
    restorable_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
    termios live = before_;
    live.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    live.c_cc[VMIN] = 1;
    live.c_cc[VTIME] = 0;
    live.c_cc[VSUSP] = _POSIX_VDISABLE;  // a stopped shell would leave its screen behind
    live.c_cc[VQUIT] = _POSIX_VDISABLE;
    if (restorable_) {
      ::tcsetattr(STDIN_FILENO, TCSANOW, &live);
    }
    write_terminal(kEnter);
  }
  ~LiveMode() {
    write_terminal(kLeave);
    if (restorable_) {
      ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
    }
  }
  LiveMode(const LiveMode&) = delete;
  LiveMode& operator=(const LiveMode&) = delete;

 private:
  termios before_{};
  bool restorable_ = false;
};

// Delivers signals only while the shell waits for keys, so that none is lost; Ctrl-C also while it waits for a daemon.
class LiveSignals {
 public:
  LiveSignals() {
    sigset_t all;
    sigemptyset(&all);
    sigaddset(&all, SIGINT);
    for (std::size_t i = 0; i < kNumbers.size(); ++i) {
      sigaddset(&all, kNumbers[i]);
      struct sigaction action{};
      action.sa_handler = [](int number) { g_ended_by = number == SIGWINCH ? 0 : number; };
      ::sigaction(kNumbers[i], &action, &before_[i]);
    }
    g_ended_by = 0;
    ::sigprocmask(SIG_BLOCK, &all, &unblocked_);
  }
  ~LiveSignals() {
    for (std::size_t i = 0; i < kNumbers.size(); ++i) {
      ::sigaction(kNumbers[i], &before_[i], nullptr);
    }
    ::sigprocmask(SIG_SETMASK, &unblocked_, nullptr);
    if (g_ended_by != 0) {
      ::raise(g_ended_by);
    }
  }
  LiveSignals(const LiveSignals&) = delete;
  LiveSignals& operator=(const LiveSignals&) = delete;

  const sigset_t& unblocked() const { return unblocked_; }

 private:
  static constexpr std::array<int, 3> kNumbers{SIGTERM, SIGHUP, SIGWINCH};
  std::array<struct sigaction, 3> before_{};
  sigset_t unblocked_{};
};

ScreenSize terminal_size() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) {
    return {};
  }
  return {size.ws_row, size.ws_col};
}

base::Result<std::string> ask(const Terminal::Picture& picture) {
  sigset_t interrupt;
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  ::sigprocmask(SIG_UNBLOCK, &interrupt, nullptr);
  auto text = picture();
  ::sigprocmask(SIG_BLOCK, &interrupt, nullptr);
  return text;
}

// Waits for keys until `deadline`. Empty: the deadline has passed, or the size of the terminal has changed. The end of
// the input counts as Ctrl-C.
std::string wait_for_keys(std::chrono::steady_clock::time_point deadline, const sigset_t& unblocked) {
  const auto left = std::max(deadline - std::chrono::steady_clock::now(), std::chrono::steady_clock::duration::zero());
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
  const timespec timeout{static_cast<time_t>(seconds.count()),
                         static_cast<long>(std::chrono::nanoseconds(left - seconds).count())};
  pollfd input{STDIN_FILENO, POLLIN, 0};
  if (::ppoll(&input, 1, &timeout, &unblocked) <= 0) {
    return {};
  }
  std::array<char, 64> keys{};
  const ssize_t size = ::read(STDIN_FILENO, keys.data(), keys.size());
  return size > 0 ? std::string(keys.data(), static_cast<std::size_t>(size)) : std::string("\x03");
}

base::Result<> show(const Terminal::Picture& picture, Screen& screen, const sigset_t& unblocked) {
  auto next = std::chrono::steady_clock::now();
  for (;;) {
    if (const auto now = std::chrono::steady_clock::now(); now >= next) {
      const auto text = ask(picture);
      if (!text) {
        return interrupted() ? base::Result<>() : base::Unexpected<base::Error>(text.error());
      }
      screen.set_text(*text);
      next = now + kRefreshInterval;
    }
    screen.resize(terminal_size());
    write_terminal(screen.picture());
    const std::string keys = wait_for_keys(next, unblocked);
    if (interrupted() || g_ended_by != 0 || screen.handle_keys(keys) == Screen::Effect::quit) {
      return {};
    }
  }
}

}  // namespace

base::Result<> run_live(const Terminal::Picture& picture, const std::vector<ipc::Highlight>& highlights) {
  catch_interrupts();
  forget_interrupt();
  const LiveSignals signals;
  const LiveMode mode;
  Screen screen(highlights);
  return show(picture, screen, signals.unblocked());
}

}  // namespace tandem::vtysh
