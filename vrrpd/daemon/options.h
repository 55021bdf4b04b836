// SPDX-License-Identifier: Apache-2.0
// The command line of vrrpd (cli.md §1).
#pragma once

#include <optional>
#include <string>

#include "lib/base/result.h"
#include "lib/log/log.h"

namespace tandem::vrrpd::daemon {

struct LogDestination {
  enum class Kind { standard_error, syslog, journald, file } kind = Kind::standard_error;
  std::string path;  // of a file
};

struct Options {
  bool daemonize = false;
  bool check_only = false;         // -C
  std::string config_file;         // default /etc/tandem[/NAME]/vrrpd.conf
  bool config_file_given = false;  // then it has to exist
  std::string pid_file;
  std::string socket_directory;
  std::string state_directory;
  std::string instance;  // -N
  std::string user;
  std::string group;
  LogDestination log;
  log::Level log_level = log::Level::informational;

  std::string socket_path() const { return socket_directory + "/vrrpd.vty"; }
};

// What to do instead of running: -h and -v print a text and end.
struct PrintAndExit {
  std::string text;
};

base::Result<std::variant<Options, PrintAndExit>> parse_options(int argc, char** argv);

}  // namespace tandem::vrrpd::daemon
