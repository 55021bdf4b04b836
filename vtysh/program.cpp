// SPDX-License-Identifier: Apache-2.0
#include "vtysh/program.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "lib/os/fd.h"

namespace tandem::vtysh {
namespace {

constexpr int kEndedBySignal = 128;  // plus the signal's number, as in shells

void add_family(const cli::Match& match, std::vector<std::string>& arguments) {
  if (match.bindings.has("ip")) {
    arguments.emplace_back("-4");
  } else if (match.bindings.has("ipv6")) {
    arguments.emplace_back("-6");
  }
}

// With "--" before it: a name that begins with "-" is no option.
void add_host(const cli::Match& match, std::vector<std::string>& arguments) {
  arguments.emplace_back("--");
  arguments.push_back(*match.bindings.find("host"));
}

// The program reacts to Ctrl-C and to a closed pipe by default, even if the shell does not.
void set_default_signals(posix_spawnattr_t& attributes) {
  sigset_t all;
  sigemptyset(&all);
  for (const int number : {SIGPIPE, SIGINT, SIGTSTP}) {
    sigaddset(&all, number);
  }
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
}

}  // namespace

std::vector<std::string> ping_arguments(const cli::Match& match) {
  std::vector<std::string> arguments{"ping"};
  add_family(match, arguments);
  if (const std::string* source = match.bindings.find("address")) {
    arguments.insert(arguments.end(), {"-I", *source});
  }
  if (const std::string* count = match.bindings.find("packets")) {
    arguments.insert(arguments.end(), {"-c", *count});
  }
  if (match.bindings.has("dontfragment")) {
    arguments.insert(arguments.end(), {"-M", "do"});
  }
  add_host(match, arguments);
  return arguments;
}

std::vector<std::string> traceroute_arguments(const cli::Match& match) {
  std::vector<std::string> arguments{"traceroute"};
  add_family(match, arguments);
  add_host(match, arguments);
  return arguments;
}

namespace {

// `standard_input`: a descriptor, -1 for the shell's own.
base::Result<pid_t> start(const std::vector<std::string>& arguments, int standard_input) {
  std::vector<std::string> words = arguments;
  std::vector<char*> argv;
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  std::fflush(nullptr);  // the shell's own output comes first
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  set_default_signals(attributes);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  if (standard_input >= 0) {
    ::posix_spawn_file_actions_adddup2(&actions, standard_input, STDIN_FILENO);
  }
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, argv.front(), &actions, &attributes, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    return base::fail_errno(error, fmt::format("cannot run {}", arguments.front()));
  }
  return child;
}

base::Result<int> status_of(pid_t child, const std::string& name) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      return base::fail_errno(errno, fmt::format("cannot wait for {}", name));
    }
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : kEndedBySignal + WTERMSIG(status);
}

}  // namespace

base::Result<int> run_program(const std::vector<std::string>& arguments) {
  const auto child = TANDEM_TRY(start(arguments, -1));
  return status_of(child, arguments.front());
}

base::Result<std::unique_ptr<Feeder>> Feeder::start(const std::vector<std::string>& arguments) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return base::fail_errno(errno, "cannot make a pipe");
  }
  const os::FileDescriptor output(ends[0]);
  os::FileDescriptor input(ends[1]);
  const auto child = TANDEM_TRY(vtysh::start(arguments, output.get()));
  std::FILE* const file = ::fdopen(input.get(), "w");
  if (file == nullptr) {
    return base::fail_errno(errno, "cannot write to a pipe");
  }
  static_cast<void>(input.release());
  return std::unique_ptr<Feeder>(new Feeder(child, arguments.front(), file));
}

Feeder::~Feeder() {
  std::fclose(file_);
  static_cast<void>(status_of(child_, name_));
}

}  // namespace tandem::vtysh
