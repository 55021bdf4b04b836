// SPDX-License-Identifier: Apache-2.0
#include "lib/daemon/command_line.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <utility>
#include <vector>

#include "lib/base/version.h"
#include "lib/os/paths.h"

namespace tandem::daemon {
namespace {

using base::Result;

struct Parsed {
  Options options;
  bool help = false;
  bool version = false;
};

// An option that only stores its argument.
std::function<Result<>(const std::string&)> store(std::string& where) {
  return [&where](const std::string& argument) {
    where = argument;
    return Result<>();
  };
}

std::function<Result<>(const std::string&)> set(bool& where) {
  return [&where](const std::string&) {
    where = true;
    return Result<>();
  };
}

Result<> set_instance(Options& options, const std::string& name) {
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_';
  });
  if (!plain) {
    return base::fail("-N {}: a name consists of letters, digits, - and _", name);
  }
  options.instance = name;
  return {};
}

Result<> set_log_level(Options& options, const std::string& name) {
  const auto level = log::parse_level(name);
  if (!level) {
    return base::fail("--log-level {}: no such level; try informational or debugging", name);
  }
  options.log_level = *level;
  return {};
}

os::OptionTable make_table(const Description& description, Parsed& parsed) {
  Options& o = parsed.options;
  const std::string& program = description.program;
  std::vector<os::Option> options = {
      {'d', "daemon", "", "run in the background; returns when the daemon works, or with its error", set(o.background)},
      {'f', "config_file", "FILE", fmt::format("configuration (default /etc/tandem[/NAME]/{}.conf)", program),
       [&o](const std::string& file) {
         o.config_file = file;
         o.config_file_given = true;
         return Result<>();
       }},
      {0, "lenient", "", "skip lines of the file that are no commands of this program, and report them",
       [&o](const std::string&) {
         o.reading = cli::Reading::lenient;
         return Result<>();
       }},
      {'C', "dryrun", "", "validate the configuration and exit (0 = valid)", set(o.check_only)},
      {0, "restart", "",
       fmt::format("replace the running {} (-N, -i) by this program without an interruption", program), set(o.restart)},
      {0, "no-supervisor", "", "run as one process without a supervisor: for debuggers, which stop it",
       [&o](const std::string&) {
         o.supervised = false;
         return Result<>();
       }},
      {0, "no-seccomp", "",
       "do not restrict system calls: for profilers and libraries that are loaded into the program",
       [&o](const std::string&) {
         o.seccomp = false;
         return Result<>();
       }},
      {0, "core-dumps", "", "allow core files of a crash, and debuggers of this user", set(o.core_dumps)},
      {'i', "pid_file", "FILE", fmt::format("process id file (default /run/tandem[/NAME]/{}.pid)", program),
       store(o.pid_file)},
      {'N', "pathspace", "NAME", "name of this instance, a part of its default paths",
       [&o](const std::string& name) { return set_instance(o, name); }},
      {0, "vty_socket", "DIR", "directory of the management socket (default /run/tandem[/NAME])",
       store(o.socket_directory)},
      {0, "state-dir", "DIR", "directory of what must survive a crash (default /var/lib/tandem[/NAME])",
       store(o.state_directory)},
      {0, "log-dir", "DIR",
       "directory, beside the state directory, where commands may write files (default /var/log/tandem[/NAME])",
       store(o.log_directory)},
      {'u', "user", "USER", "become this user, with two capabilities (default: tandem, if root starts it; root stays)",
       store(o.account.user)},
      {'g', "group", "GROUP", "become this group", store(o.account.group)},
      {0, "log", "WHERE", "stdout, stderr, syslog, journald or file:PATH (default stderr)", store(o.log_target)},
      {0, "log-level", "LEVEL", "lowest level that is logged: emergencies … informational (default), debugging",
       [&o](const std::string& name) { return set_log_level(o, name); }},
      {'v', "version", "", "print the version and exit", set(parsed.version)},
      {'h', "help", "", "print this text and exit", set(parsed.help)},
  };
  options.insert(options.end(), description.options.begin(), description.options.end());
  return {program, "[options]", description.purpose, std::move(options)};
}

void fill_defaults(Options& options) {
  const std::string runtime = os::runtime_directory(options.instance);
  if (options.config_file.empty()) {
    options.config_file = os::configuration_file(options.instance, options.program);
  }
  if (options.socket_directory.empty()) {
    options.socket_directory = runtime;
  }
  if (options.pid_file.empty()) {
    options.pid_file = runtime + "/" + options.program + ".pid";
  }
  if (options.state_directory.empty()) {
    options.state_directory = os::state_directory(options.instance);
  }
  if (options.log_directory.empty()) {
    options.log_directory = os::log_directory(options.instance);
  }
}

}  // namespace

Result<std::variant<Options, PrintAndExit>> parse_options(const Description& description, int argc, char** argv) {
  Parsed parsed;
  parsed.options.program = description.program;
  const os::OptionTable table = make_table(description, parsed);
  const auto rest = TANDEM_TRY(table.parse(argc, argv));
  if (!rest.empty()) {
    return base::fail("unexpected argument \"{}\"; try {} --help", rest.front(), description.program);
  }
  if (parsed.help) {
    return PrintAndExit{table.help()};
  }
  if (parsed.version) {
    return PrintAndExit{fmt::format("{} {}\n", description.program, base::version())};
  }
  fill_defaults(parsed.options);
  return parsed.options;
}

os::OptionTable option_table(const Description& description) {
  static Parsed ignored;
  return make_table(description, ignored);
}

}  // namespace tandem::daemon
