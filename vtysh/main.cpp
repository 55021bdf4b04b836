// SPDX-License-Identifier: Apache-2.0
// vtysh: the shell of Tandem's daemons. Options and exit status: doc/man/vtysh.1. Errors of commands go to stdout,
// those of connections and files to stderr.
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "lib/os/paths.h"
#include "vtysh/console.h"
#include "vtysh/interactive.h"
#include "vtysh/options.h"

namespace {

using tandem::vtysh::Console;
using tandem::vtysh::Daemons;
using tandem::vtysh::LineResult;
using tandem::vtysh::Output;
using tandem::vtysh::Settings;
using tandem::vtysh::Shell;

int fail(const std::string& message) {
  fmt::print(stderr, "{}\n", message);
  return EXIT_FAILURE;
}

// The advice to the operator about errors in a file.
std::string advice(const Settings& settings, const std::string& errors) {
  const bool refused = settings.load.unknown_lines == tandem::vtysh::UnknownLines::refuse;
  return refused && errors.find(": Unknown command: ") != std::string::npos
             ? "\nIs this the file of a router with other daemons? --lenient skips their lines."
             : "";
}

int load(const Settings& settings, Daemons& daemons) {
  const std::string directory = settings.configuration_directory.empty()
                                    ? tandem::os::configuration_directory(settings.instance)
                                    : settings.configuration_directory;
  const auto loaded = settings.file.empty() ? tandem::vtysh::load_default_files(daemons, directory, settings.load)
                                            : tandem::vtysh::load_file(daemons, settings.file, settings.load);
  if (!loaded) {
    return fail(loaded.error().message + advice(settings, loaded.error().message));
  }
  fmt::print(stderr, "{}", *loaded);
  return EXIT_SUCCESS;
}

// Prints the file in the form in which frr-reload.py compares it with the running configuration: cli::Style::separate.
int mark(const Settings& settings, Daemons& daemons) {
  if (settings.file.empty()) {
    return fail("vtysh: -m needs a file: -f FILE");
  }
  const auto marked = tandem::vtysh::load_file(daemons, settings.file, {.mode = tandem::vtysh::LoadMode::separate});
  if (!marked) {
    return fail(marked.error().message);
  }
  fmt::print("{}end\n", *marked);
  return EXIT_SUCCESS;
}

// False: the output of the commands is lost, as on a full disk. A closed pipe is no error: its reader may stop early.
bool flush_output() {
  std::fflush(stdout);
  if (std::ferror(stdout) == 0) {
    return true;
  }
  pollfd reader{STDOUT_FILENO, POLLOUT, 0};
  if (::poll(&reader, 1, 0) == 1 && (reader.revents & POLLERR) != 0) {
    return true;
  }
  fmt::print(stderr, "vtysh: the output could not be written\n");
  return false;
}

// Runs the lines of one command, or one line of the standard input. False: the session has ended.
class Script {
 public:
  Script(const Settings& settings, Shell& shell, Output& out) : settings_(settings), shell_(shell), out_(out) {}

  bool run(std::string_view text) {
    switch (tandem::vtysh::run_lines(shell_, text, settings_.trace, out_)) {
      case LineResult::ok:
        return true;
      case LineResult::leave:
        return false;
      case LineResult::failed:
        failed_ = settings_.on_error == tandem::vtysh::OnError::stop;
        return !failed_;
    }
    return false;
  }

  int finish() {
    shell_.close(out_);
    return failed_ || !flush_output() ? EXIT_FAILURE : EXIT_SUCCESS;
  }

 private:
  const Settings& settings_;
  Shell& shell_;
  Output& out_;
  bool failed_ = false;
};

int run_commands(const Settings& settings, Daemons& daemons) {
  Console console(daemons, Console::Purpose::commands);
  const bool on_terminal = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
  Shell shell(daemons, settings.start, on_terminal ? &console : nullptr);
  const auto out = console.open_output({});
  Script script(settings, shell, *out);
  for (const std::string& command : settings.commands) {
    if (!script.run(command)) {
      break;
    }
  }
  const int status = script.finish();
  if (status == EXIT_SUCCESS && shell.monitoring()) {
    tandem::vtysh::stream_log(daemons);
  }
  return status;
}

// Runs each line as it arrives: the program at the other end of the pipe may wait for an answer before it goes on.
int run_standard_input(const Settings& settings, Daemons& daemons) {
  Shell shell(daemons, settings.start);
  tandem::vtysh::FileOutput out(stdout);
  Script script(settings, shell, out);
  char* buffer = nullptr;
  std::size_t capacity = 0;
  ssize_t size = 0;
  while ((size = ::getline(&buffer, &capacity, stdin)) >= 0 && script.run({buffer, static_cast<std::size_t>(size)})) {
    std::fflush(stdout);
  }
  std::free(buffer);
  return script.finish();
}

int run_session(const Settings& settings, Daemons& daemons) {
  Console console(daemons, Console::Purpose::session);
  Shell shell(daemons, settings.start, &console);
  tandem::vtysh::run_interactive(shell, daemons, console, settings);
  return EXIT_SUCCESS;
}

// Refuses options that exclude each other: only the first would take effect, without a message.
std::string contradiction(const Settings& settings) {
  const bool has_file = !settings.file.empty();
  const bool checks = settings.load.mode == tandem::vtysh::LoadMode::check;
  std::vector<std::string_view> asked;
  for (const auto& [is_asked, option] : {std::pair{has_file, "-f"},
                                         {settings.default_files, "-b"},
                                         {checks && !has_file && !settings.default_files, "-C"},
                                         {settings.mark && !has_file, "-m"},
                                         {settings.write, "-w"},
                                         {!settings.commands.empty(), "-c"}}) {
    if (is_asked) {
      asked.emplace_back(option);
    }
  }
  return asked.size() > 1 ? fmt::format("{} cannot be combined", fmt::join(asked, " and ")) : std::string();
}

int run(Settings& settings) {
  const std::string directory =
      settings.socket_directory.empty() ? tandem::os::runtime_directory(settings.instance) : settings.socket_directory;
  Daemons daemons(tandem::vtysh::find_sockets(directory, settings.daemon), &tandem::ipc::Client::connect);
  if (const auto connected = daemons.connect(); !connected) {
    return fail("vtysh: " + connected.error().message);
  }
  if (settings.mark) {
    return mark(settings, daemons);
  }
  const bool checks = settings.load.mode == tandem::vtysh::LoadMode::check;
  if (!settings.file.empty() || settings.default_files || checks) {
    return load(settings, daemons);
  }
  if (settings.write) {
    settings.commands = {"write memory"};
  }
  if (!settings.commands.empty()) {
    return run_commands(settings, daemons);
  }
  return ::isatty(STDIN_FILENO) == 0 ? run_standard_input(settings, daemons) : run_session(settings, daemons);
}

}  // namespace

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  Settings settings;
  const auto options = tandem::vtysh::make_options(settings);
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
  if (const std::string both = contradiction(settings); !both.empty()) {
    return fail(fmt::format("vtysh: {}; see vtysh --help", both));
  }
  tandem::vtysh::read_environment(settings);
  return run(settings);
}
