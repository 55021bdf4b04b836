// SPDX-License-Identifier: Apache-2.0
// What the command line of a daemon has told it (command_line.h).
#pragma once

#include <string>
#include <vector>

#include "lib/cli/config_commands.h"
#include "lib/log/log.h"
#include "lib/os/privileges.h"

namespace tandem::daemon {

struct Options {
  std::string program;                          // "vrrpd"
  bool background = false;                      // -d
  bool check_only = false;                      // -C
  bool restart = false;                         // --restart
  bool supervised = true;                       // else --no-supervisor
  bool seccomp = true;                          // else --no-seccomp
  bool core_dumps = false;                      // --core-dumps
  std::string config_file;                      // default /etc/tandem[/NAME]/PROGRAM.conf
  bool config_file_given = false;               // then it has to exist
  cli::Reading reading = cli::Reading::strict;  // --lenient
  std::string pid_file;
  std::string socket_directory;
  std::string state_directory;
  std::string log_directory;
  std::string instance;               // -N
  os::Account account;                // -u, -g; or the service's user, see account_for()
  std::string why_root;               // it stays root, because of this; empty: it was told to, or does not
  std::string log_target = "stderr";  // as os::open_sink() takes it
  log::Level log_level = log::Level::informational;
};

// The directories below which a command may name files to write and to read: an operator may have no other
// rights on the machine.
std::vector<std::string> writable_directories(const Options& options);
std::vector<std::string> readable_directories(const Options& options);

// Below the state directory, with a file for each commit.
std::string history_directory(const Options& options);

}  // namespace tandem::daemon
