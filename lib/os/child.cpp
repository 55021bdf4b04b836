// SPDX-License-Identifier: Apache-2.0
#include "lib/os/child.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <optional>

#include "lib/os/fd.h"

namespace tandem::os {
namespace {

constexpr int kCannotExecute = 127;  // as the shell reports it

// The event loop's signal handlers write into a pipe that the child shares with its parent: a signal to the child would
// look like one to the parent.
void reset_signals() {
  for (int number = 1; number < NSIG; ++number) {
    ::signal(number, SIG_DFL);
  }
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void execute(const std::vector<std::string>& command) {
  std::vector<std::string> copy = command;
  std::vector<char*> arguments;
  for (std::string& argument : copy) {
    arguments.push_back(argument.data());
  }
  arguments.push_back(nullptr);
  ::execvp(arguments.front(), arguments.data());
  ::_exit(kCannotExecute);
}

// Not glibc's function: the header of 2.36 declares it without C linkage.
FileDescriptor open_pidfd(pid_t pid) { return FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U))); }

ChildEnd end_of(const siginfo_t& info) {
  return info.si_code == CLD_EXITED ? ChildEnd{info.si_status, 0} : ChildEnd{0, info.si_status};
}

}  // namespace

std::string ChildEnd::to_string() const {
  return signal_number != 0 ? fmt::format("ended by signal {}", signal_number)
                            : fmt::format("exited with status {}", status);
}

struct Child::Impl {
  Impl(pid_t child, FileDescriptor descriptor, EndHandler handler)
      : pid(child), pidfd(std::move(descriptor)), on_end(std::move(handler)) {}
  ~Impl() { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  // By number, which stays ours until here, not by pidfd: watched descriptors are non-blocking, and so would be this.
  siginfo_t reap() {
    siginfo_t info{};
    while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED) != 0 && errno == EINTR) {
    }
    running = false;
    watch.reset();
    return info;
  }

  void stop() {
    if (running) {
      ::kill(pid, SIGKILL);
      reap();
    }
  }

  pid_t pid;
  FileDescriptor pidfd;
  EndHandler on_end;
  std::optional<event::Watch> watch;
  bool running = true;
};

Child::Child(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Child::~Child() {
  if (impl_) {
    impl_->stop();
  }
}
Child::Child(Child&&) noexcept = default;
Child& Child::operator=(Child&& other) noexcept {
  if (this != &other) {
    if (impl_) {
      impl_->stop();
    }
    impl_ = std::move(other.impl_);
  }
  return *this;
}

base::Result<Child> Child::run(event::Loop& loop, const std::vector<std::string>& command, EndHandler on_end) {
  if (command.empty()) {
    return base::fail("no command given");
  }
  return run(loop, [&command]() -> int { execute(command); }, std::move(on_end));
}

base::Result<Child> Child::run(event::Loop& loop, const std::function<int()>& function, EndHandler on_end) {
  const pid_t pid = ::fork();
  if (pid < 0) {
    return base::fail_errno(errno, "cannot start a child process");
  }
  if (pid == 0) {
    reset_signals();
    ::_exit(function());
  }
  FileDescriptor pidfd = open_pidfd(pid);
  if (!pidfd.is_open()) {
    const int error = errno;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    return base::fail_errno(error, "cannot watch a child process");
  }
  auto impl = std::make_shared<Impl>(pid, std::move(pidfd), std::move(on_end));
  impl->watch.emplace(loop, impl->pidfd.get(), event::Watch::For::reading, [weak = std::weak_ptr<Impl>(impl)] {
    if (const auto self = weak.lock()) {
      const ChildEnd end = end_of(self->reap());
      self->on_end(end);
    }
  });
  return Child(std::move(impl));
}

int Child::pid() const { return impl_->pid; }

void Child::send_signal(int signal_number) {
  if (impl_->running) {
    ::kill(impl_->pid, signal_number);
  }
}

}  // namespace tandem::os
