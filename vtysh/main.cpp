// SPDX-License-Identifier: Apache-2.0
// vtysh: the shell of Tandem's daemons. Options and exit status: doc of cli.md §1; errors of commands go to stdout,
// those of connections and files to stderr.
#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "lib/os/options.h"
#include "lib/os/paths.h"
#include "vtysh/interactive.h"
#include "vtysh/script.h"

namespace {

using tandem::base::Result;
using tandem::vtysh::Daemons;
using tandem::vtysh::LineResult;
using tandem::vtysh::Shell;

struct Settings {
  std::vector<std::string> commands;
  std::string file;
  bool default_files = false;
  tandem::vtysh::LoadMode load_mode = tandem::vtysh::LoadMode::apply;
  std::string daemon;
  tandem::vtysh::Echo echo = tandem::vtysh::Echo::none;
  tandem::vtysh::StartMode start = tandem::vtysh::StartMode::enable_if_allowed;
  std::string instance;
  std::string socket_directory;
  std::string history_file;
  bool write = false;
  bool show_version = false;
  bool show_help = false;
};

tandem::os::OptionTable make_options(Settings& to) {
  const auto text = [](std::string& where) {
    return [&where](const std::string& value) -> Result<> {
      where = value;
      return {};
    };
  };
  const auto set = [](auto& where, auto value) {
    return [&where, value](const std::string&) -> Result<> {
      where = value;
      return {};
    };
  };
  const auto command = [&to](const std::string& value) -> Result<> {
    to.commands.push_back(value);
    return {};
  };
  return {
      "vtysh",
      "[OPTION]...",
      "Configures and watches Tandem's daemons: interactively on a terminal, else by the lines of the standard input,\n"
      "which end at the first error, as those of -c do.",
      {{'c', "command", "CMD", "run CMD (may be given several times, or hold several lines) and exit", command},
       {'e', "execute", "CMD", "the same", command},
       {'f', "inputfile", "FILE", "load configuration file FILE as one transaction and exit", text(to.file)},
       {'b', "boot", "", "load each daemon's own configuration file and exit", set(to.default_files, true)},
       {'C', "dryrun", "", "with -f or -b (the default): check, change nothing",
        set(to.load_mode, tandem::vtysh::LoadMode::check)},
       {'d', "daemon", "NAME", "talk to this daemon only", text(to.daemon)},
       {'E', "echo", "", "print prompt and command before each command of -c or standard input",
        set(to.echo, tandem::vtysh::Echo::commands)},
       {'u', "user", "", "stay in view mode", set(to.start, tandem::vtysh::StartMode::view_only)},
       {'N', "pathspace", "NAME", "the instance of this name (vrrpd -N)", text(to.instance)},
       {0, "vty_socket", "DIR", "directory of the daemons' sockets", text(to.socket_directory)},
       {'H', "histfile", "FILE", "history file (default: $VTYSH_HISTFILE or ~/.history_tandem)", text(to.history_file)},
       {'w', "writeconfig", "", "save the running configuration and exit", set(to.write, true)},
       {'v', "version", "", "print the version and exit", set(to.show_version, true)},
       {'h', "help", "", "print this and exit", set(to.show_help, true)}}};
}

std::string default_history_file() {
  if (const char* file = std::getenv("VTYSH_HISTFILE")) {
    return file;
  }
  const char* home = std::getenv("HOME");
  const passwd* entry = home == nullptr ? ::getpwuid(::getuid()) : nullptr;
  return std::string(home != nullptr ? home : entry != nullptr ? entry->pw_dir : ".") + "/.history_tandem";
}

int fail(const std::string& message) {
  fmt::print(stderr, "{}\n", message);
  return EXIT_FAILURE;
}

int exit_status(LineResult result) { return result == LineResult::failed ? EXIT_FAILURE : EXIT_SUCCESS; }

int load(const Settings& settings, Daemons& daemons) {
  const auto loaded = settings.file.empty()
                          ? tandem::vtysh::load_default_files(daemons, settings.instance, settings.load_mode)
                          : tandem::vtysh::load_file(daemons, settings.file, settings.load_mode);
  return loaded ? EXIT_SUCCESS : fail(loaded.error().message);
}

int run_commands(const Settings& settings, Shell& shell, Daemons& daemons) {
  tandem::vtysh::FileOutput out(stdout);
  LineResult result = LineResult::ok;
  for (const std::string& command : settings.commands) {
    if (result == LineResult::ok) {
      result = tandem::vtysh::run_lines(shell, command, settings.echo, out);
    }
  }
  std::fflush(stdout);
  if (result == LineResult::ok && shell.monitoring()) {
    tandem::vtysh::stream_log(daemons);
  }
  return exit_status(result);
}

// Line by line, not as a whole: whoever is at the other end of the pipe may wait for an answer before going on.
int run_standard_input(const Settings& settings, Shell& shell) {
  tandem::vtysh::FileOutput out(stdout);
  LineResult result = LineResult::ok;
  char* buffer = nullptr;
  std::size_t capacity = 0;
  ssize_t size = 0;
  while (result == LineResult::ok && (size = ::getline(&buffer, &capacity, stdin)) >= 0) {
    result = tandem::vtysh::run_lines(shell, {buffer, static_cast<std::size_t>(size)}, settings.echo, out);
    std::fflush(stdout);
  }
  std::free(buffer);
  return exit_status(result);
}

void set_up_signals() {
  // Ctrl-C interrupts the wait for a daemon, not the shell; Ctrl-Z does not stop it in the middle of an answer.
  // Handlers that do nothing, and not SIG_IGN, because the pager shall not inherit it.
  struct sigaction action{};
  action.sa_handler = [](int) {};
  ::sigaction(SIGINT, &action, nullptr);
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGTSTP, &action, nullptr);
}

int run(const Settings& settings) {
  const std::string directory =
      settings.socket_directory.empty() ? tandem::os::runtime_directory(settings.instance) : settings.socket_directory;
  Daemons daemons(tandem::vtysh::find_sockets(directory, settings.daemon), &tandem::ipc::Client::connect);
  if (const auto connected = daemons.connect(); !connected) {
    return fail("vtysh: " + connected.error().message);
  }
  const bool checks = settings.load_mode == tandem::vtysh::LoadMode::check;
  if (!settings.file.empty() || settings.default_files || checks) {
    return load(settings, daemons);
  }
  Shell shell(daemons, settings.start);
  if (settings.write) {
    tandem::vtysh::FileOutput out(stdout);
    return exit_status(tandem::vtysh::run_lines(shell, "write memory", settings.echo, out));
  }
  if (!settings.commands.empty()) {
    return run_commands(settings, shell, daemons);
  }
  if (::isatty(STDIN_FILENO) == 0) {
    return run_standard_input(settings, shell);
  }
  set_up_signals();
  tandem::vtysh::run_interactive(shell, daemons,
                                 settings.history_file.empty() ? default_history_file() : settings.history_file);
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  Settings settings;
  const auto options = make_options(settings);
  const auto rest = options.parse(argc, argv);
  if (!rest) {
    return fail("vtysh: " + rest.error().message);
  }
  if (!rest->empty()) {
    return fail(fmt::format("vtysh: unexpected argument '{}'; see vtysh --help", rest->front()));
  }
  if (settings.show_help) {
    fmt::print("{}", options.help());
    return EXIT_SUCCESS;
  }
  if (settings.show_version) {
    fmt::print("vtysh (Tandem) {}\n", TANDEM_VERSION);
    return EXIT_SUCCESS;
  }
  return run(settings);
}
