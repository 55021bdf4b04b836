// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/options.h"

#include <algorithm>

#include "lib/base/version.h"
#include "lib/os/options.h"
#include "lib/os/paths.h"

namespace tandem::vrrpd::daemon {
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

os::OptionTable make_table(Parsed& parsed) {
  Options& o = parsed.options;
  return {
      std::string(kProgram),
      "[options]",
      "Virtual Router Redundancy Protocol (RFC 9568, RFC 3768) for this machine's interfaces.",
      {
          {'d', "daemon", "", "run in the background; returns when the daemon works, or with its error",
           set(o.background)},
          {'f', "config_file", "FILE", "configuration (default /etc/tandem[/NAME]/vrrpd.conf)",
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
          {'C', "dryrun", "", "check the configuration and end: 0 = fine", set(o.check_only)},
          {0, "restart", "", "the vrrpd that runs (-N, -i) goes on as this program; no host on the LAN notices",
           set(o.restart)},
          {0, "no-supervisor", "", "one process without a supervisor: for debuggers, which stop it",
           [&o](const std::string&) {
             o.supervised = false;
             return Result<>();
           }},
          {0, "no-seccomp", "", "refuse no system calls: for profilers and libraries that are loaded into the program",
           [&o](const std::string&) {
             o.seccomp = false;
             return Result<>();
           }},
          {0, "core-dumps", "", "let the kernel write core files of a crash, and this user's debuggers look in",
           set(o.core_dumps)},
          {'i', "pid_file", "FILE", "process id file (default /run/tandem[/NAME]/vrrpd.pid)", store(o.pid_file)},
          {'N', "pathspace", "NAME", "name of this instance, part of its default paths",
           [&o](const std::string& name) { return set_instance(o, name); }},
          {0, "vty_socket", "DIR", "directory of the management socket (default /run/tandem[/NAME])",
           store(o.socket_directory)},
          {0, "state-dir", "DIR", "what has to survive a crash (default /var/lib/tandem[/NAME])",
           store(o.state_directory)},
          {0, "log-dir", "DIR",
           "where commands may write files, beside the state directory (default /var/log/tandem[/NAME])",
           store(o.log_directory)},
          {'u', "user", "USER",
           "become this user, with two capabilities (default: tandem, if root starts it; root stays)",
           store(o.account.user)},
          {'g', "group", "GROUP", "become this group", store(o.account.group)},
          {0, "log", "WHERE", "stdout, stderr, syslog, journald or file:PATH (default stderr)", store(o.log_target)},
          {0, "log-level", "LEVEL", "what is logged there: emergencies … informational (default), debugging",
           [&o](const std::string& name) { return set_log_level(o, name); }},
          {'v', "version", "", "print the version and end", set(parsed.version)},
          {'h', "help", "", "print this text and end", set(parsed.help)},
      }};
}

void fill_defaults(Options& options) {
  const std::string runtime = os::runtime_directory(options.instance);
  if (options.config_file.empty()) {
    options.config_file = os::configuration_file(options.instance, std::string(kProgram));
  }
  if (options.socket_directory.empty()) {
    options.socket_directory = runtime;
  }
  if (options.pid_file.empty()) {
    options.pid_file = runtime + "/vrrpd.pid";
  }
  if (options.state_directory.empty()) {
    options.state_directory = os::state_directory(options.instance);
  }
  if (options.log_directory.empty()) {
    options.log_directory = os::log_directory(options.instance);
  }
}

}  // namespace

std::vector<std::string> writable_directories(const Options& options) {
  return {options.log_directory, options.state_directory};
}

std::vector<std::string> readable_directories(const Options& options) {
  return {os::configuration_directory(options.instance), options.log_directory, options.state_directory};
}

std::string history_directory(const Options& options) {
  return options.state_directory + "/commits" + (options.instance.empty() ? "" : "-" + options.instance);
}

Result<std::variant<Options, PrintAndExit>> parse_options(int argc, char** argv) {
  Parsed parsed;
  const os::OptionTable table = make_table(parsed);
  const auto rest = TANDEM_TRY(table.parse(argc, argv));
  if (!rest.empty()) {
    return base::fail("unexpected argument \"{}\"; try vrrpd --help", rest.front());
  }
  if (parsed.help) {
    return PrintAndExit{table.help()};
  }
  if (parsed.version) {
    return PrintAndExit{fmt::format("vrrpd {}\n", base::version())};
  }
  fill_defaults(parsed.options);
  return parsed.options;
}

os::OptionTable option_table() {
  static Parsed ignored;
  return make_table(ignored);
}

}  // namespace tandem::vrrpd::daemon
