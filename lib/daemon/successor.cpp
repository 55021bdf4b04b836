// SPDX-License-Identifier: Apache-2.0
#include "lib/daemon/successor.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "lib/daemon/limits.h"
#include "lib/os/fd.h"

namespace tandem::daemon {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kAnswerSize = 4096;
constexpr std::size_t kQuoted = 200;  // of an answer, for people
constexpr useconds_t kStep = 2'000;   // microseconds

[[noreturn]] void execute(const Successor& successor, int output) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int null = ::open("/dev/null", O_RDONLY);
  ::dup2(null, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  std::vector<std::string> arguments = successor.arguments;
  arguments.emplace_back("--version");
  std::vector<char*> pointers;
  for (std::string& argument : arguments) {
    pointers.push_back(argument.data());
  }
  pointers.push_back(nullptr);
  ::execv(successor.program.c_str(), pointers.data());
  const base::Result<> failed = base::fail_errno(errno, "it cannot be executed");
  const std::string& why = failed.error().message;
  const ssize_t written = ::write(output, why.data(), why.size());
  static_cast<void>(written);
  ::_exit(EXIT_FAILURE);
}

// Until its end, or until the time is over. What it says beyond the size is thrown away.
std::string read_answer(int input, Clock::time_point end) {
  std::string answer;
  std::array<char, kAnswerSize> buffer{};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
    pollfd source{input, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&source, 1, static_cast<int>(left.count())) <= 0) {
      return answer;
    }
    const ssize_t size = ::read(input, buffer.data(), buffer.size());
    if (size <= 0) {
      return answer;
    }
    answer.append(buffer.data(), std::min(static_cast<std::size_t>(size), kAnswerSize - answer.size()));
  }
}

// Its status as waitpid() has it; killed if it has not ended by then.
int await(pid_t child, Clock::time_point end) {
  int status = 0;
  bool killed = false;
  for (pid_t ended = 0; ended == 0;) {
    ended = ::waitpid(child, &status, WNOHANG);
    if (ended == 0 && !killed && Clock::now() >= end) {
      ::kill(child, SIGKILL);  // our child, which has not been waited for: no other process has its number
      killed = true;
      end += kSuccessorTimeout;
    }
    if (ended == 0 && killed && Clock::now() >= end) {
      return SIGKILL;  // the kernel keeps it; it is not waited for
    }
    if (ended == 0) {
      ::usleep(kStep);
    }
  }
  return status;
}

std::string one_line(std::string text) {
  std::replace_if(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c >= 0x7f; }, ' ');
  text.erase(text.find_last_not_of(' ') + 1);
  return text.substr(0, kQuoted);
}

}  // namespace

base::Result<Successor> successor_of(pid_t pid) {
  constexpr std::string_view kDeleted = " (deleted)";  // what the kernel appends when the file has been replaced
  std::error_code error;
  Successor successor{std::filesystem::read_symlink(fmt::format("/proc/{}/exe", pid), error).string(), {}};
  if (error) {
    return base::fail_errno(error.value(), fmt::format("cannot see what process {} executes", pid));
  }
  if (successor.program.ends_with(kDeleted)) {
    successor.program.resize(successor.program.size() - kDeleted.size());
  }
  std::ifstream file(fmt::format("/proc/{}/cmdline", pid), std::ios::binary);
  for (std::string argument; std::getline(file, argument, '\0');) {
    successor.arguments.push_back(argument);
  }
  return successor;
}

base::Result<> check_successor(const Successor& successor, const std::string& name) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return base::fail_errno(errno, "cannot ask the program");
  }
  const os::FileDescriptor reading(ends[0]);
  os::FileDescriptor writing(ends[1]);
  const auto end = Clock::now() + kSuccessorTimeout;
  const pid_t child = ::fork();
  if (child < 0) {
    return base::fail_errno(errno, "cannot ask the program");
  }
  if (child == 0) {
    execute(successor, writing.get());
  }
  writing.reset();
  const std::string answer = read_answer(reading.get(), end);
  const int status = await(child, end);
  if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS && answer.starts_with(name + " ")) {
    return {};
  }
  const std::string how = WIFEXITED(status)     ? fmt::format("exit status {}", WEXITSTATUS(status))
                          : Clock::now() >= end ? std::string("no answer in time")
                                                : fmt::format("signal {}", WTERMSIG(status));
  return base::fail("{} cannot take over: asked for its version it says \"{}\" ({})", successor.program,
                    one_line(answer), how);
}

}  // namespace tandem::daemon
