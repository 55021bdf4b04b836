// SPDX-License-Identifier: Apache-2.0
#include "vtysh/program.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace tandem::vtysh {
namespace {

constexpr int kEndedBySignal = 128;  // plus its number, as shells have it

void add_family(const cli::Match& match, std::vector<std::string>& arguments) {
  if (match.bindings.has("ip")) {
    arguments.emplace_back("-4");
  } else if (match.bindings.has("ipv6")) {
    arguments.emplace_back("-6");
  }
}

// "--" before it: a name that begins with "-" is no option.
void add_host(const cli::Match& match, std::vector<std::string>& arguments) {
  arguments.emplace_back("--");
  arguments.push_back(*match.bindings.find("host"));
}

// The program shall react to Ctrl-C and to a closed pipe as ever, whatever the shell does with them.
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

base::Result<int> run_program(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = arguments;
  std::vector<char*> argv;
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  std::fflush(nullptr);  // what the shell has printed comes first
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  set_default_signals(attributes);
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, argv.front(), nullptr, &attributes, argv.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    return base::fail_errno(error, fmt::format("cannot run {}", arguments.front()));
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      return base::fail_errno(errno, fmt::format("cannot wait for {}", arguments.front()));
    }
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : kEndedBySignal + WTERMSIG(status);
}

}  // namespace tandem::vtysh
