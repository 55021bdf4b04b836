// SPDX-License-Identifier: Apache-2.0
#include "vtysh/options.h"

#include <pwd.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>

namespace tandem::vtysh {
namespace {

using Apply = std::function<base::Result<>(const std::string&)>;

Apply text(std::string& where) {
  return [&where](const std::string& value) -> base::Result<> {
    where = value;
    return {};
  };
}

template <class Value>
Apply set(Value& where, Value value) {
  return [&where, value](const std::string&) -> base::Result<> {
    where = value;
    return {};
  };
}

base::Result<> parse_seconds(const std::string& value, std::chrono::seconds& to) {
  unsigned number = 0;
  const char* const end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, number);
  if (value.empty() || error != std::errc() || stop != end) {
    return base::fail("'{}' is no number of seconds", value);
  }
  to = std::chrono::seconds(number);
  return {};
}

std::string default_history_file() {
  const char* home = std::getenv("HOME");
  const passwd* entry = home == nullptr ? ::getpwuid(::getuid()) : nullptr;
  return std::string(home != nullptr ? home : entry != nullptr ? entry->pw_dir : ".") + "/.history_tandem";
}

}  // namespace

os::OptionTable make_options(Settings& to) {
  const Apply command = [&to](const std::string& value) -> base::Result<> {
    to.commands.push_back(value);
    return {};
  };
  const Apply seconds = [&to](const std::string& value) { return parse_seconds(value, to.idle_limit); };
  const Apply nothing = [](const std::string&) -> base::Result<> { return {}; };
  return {
      "vtysh",
      "[OPTION]...",
      "Configures and watches Tandem's daemons: interactively on a terminal, else by the lines of the standard input,\n"
      "which end at the first error, as those of -c do.",
      {{'c', "command", "CMD", "run CMD (may be given several times, or hold several lines) and exit", command},
       {'e', "execute", "CMD", "the same", command},
       {'f', "inputfile", "FILE", "load configuration file FILE as one transaction and exit", text(to.file)},
       {'b', "boot", "", "load each daemon's own configuration file and exit", set(to.default_files, true)},
       {'C', "dryrun", "", "with -f or -b (the default): check, change nothing", set(to.load.mode, LoadMode::check)},
       {0, "lenient", "", "with -f or -b: report lines that are no command, and skip them",
        set(to.load.unknown_lines, UnknownLines::skip)},
       {'m', "markfile", "",
        "with -f: check the file and print its settings in the form that frr-reload.py compares, change nothing",
        set(to.mark, true)},
       {'d', "daemon", "NAME", "talk to this daemon only", text(to.daemon)},
       {'E', "echo", "", "print prompt and command before each command of -c or standard input",
        set(to.trace.echo, Echo::commands)},
       {'t', "timestamp", "", "print the time before each command's output",
        set(to.trace.timestamps, Timestamps::commands)},
       {'n', "noerror", "", "go on after an error of -c or standard input; exit status 0",
        set(to.on_error, OnError::go_on)},
       {'u', "user", "", "stay in view mode", set(to.start, StartMode::view_only)},
       {'N', "pathspace", "NAME", "the instance of this name (vrrpd -N)", text(to.instance)},
       {0, "vty_socket", "DIR", "directory of the daemons' sockets (default /run/tandem[/NAME])",
        text(to.socket_directory)},
       {0, "config_dir", "DIR", "directory of the files that -b loads (default /etc/tandem[/NAME])",
        text(to.configuration_directory)},
       {'H', "histfile", "FILE", "history file (default: $VTYSH_HISTFILE or ~/.history_tandem)", text(to.history_file)},
       {0, "exec-timeout", "SECONDS",
        "end a session in which nothing was typed for so long (default: $VTYSH_TIMEOUT, or never)", seconds},
       {0, "no-fork", "", "accepted for scripts written for FRR: nothing is forked", nothing},
       {'w', "writeconfig", "", "save the running configuration and exit", set(to.write, true)},
       {'v', "version", "", "print the version and exit", set(to.show_version, true)},
       {'h', "help", "", "print this and exit", set(to.show_help, true)}}};
}

void read_environment(Settings& to) {
  if (const char* file = std::getenv("VTYSH_HISTFILE"); to.history_file.empty()) {
    to.history_file = file != nullptr ? file : default_history_file();
  }
  if (const char* seconds = std::getenv("VTYSH_TIMEOUT"); seconds != nullptr && to.idle_limit.count() == 0) {
    static_cast<void>(parse_seconds(seconds, to.idle_limit));  // a text that is not a number sets no limit
  }
  if (const char* file = std::getenv("VTYSH_LOG")) {
    to.trace.log_file = file;
  }
}

}  // namespace tandem::vtysh
