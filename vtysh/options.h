// SPDX-License-Identifier: Apache-2.0
// The command line of vtysh (doc/man/vtysh.1).
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "lib/os/options.h"
#include "vtysh/files.h"
#include "vtysh/script.h"
#include "vtysh/shell.h"

namespace tandem::vtysh {

struct Settings {
  std::vector<std::string> commands;
  std::string file;
  bool default_files = false;
  LoadOptions load;
  std::string daemon;
  Trace trace;
  OnError on_error = OnError::stop;
  StartMode start = StartMode::enable_if_allowed;
  std::string instance;
  std::string socket_directory;
  std::string configuration_directory;
  std::string history_file;
  std::chrono::seconds idle_limit{0};  // 0: none
  bool mark = false;
  bool write = false;
  bool show_version = false;
  bool show_help = false;
};

// The table writes the parsed values to `to`, which must outlive it.
os::OptionTable make_options(Settings& to);

// Reads the defaults of options from $VTYSH_HISTFILE, $VTYSH_TIMEOUT, $VTYSH_LOG.
void read_environment(Settings& to);

}  // namespace tandem::vtysh
