// SPDX-License-Identifier: Apache-2.0
// The shell's own commands, and the merged grammar of these and the daemons' commands.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "lib/cli/grammar.h"

namespace tandem::vtysh {

inline constexpr std::string_view kViewMode = "view";
inline constexpr std::string_view kEnableMode = "enable";
inline constexpr std::string_view kFileCompleter = "file";  // the shell completes file names on its side
inline constexpr std::string_view kWhoMayConfigure = "only root and members of group tandem may configure";
inline constexpr std::string_view kStartedToView = "vtysh was started with -u";

// The id of a command in the merged grammar; no enumerator: a daemon's command.
enum class OwnCommand : std::uint32_t {
  none,
  enable,
  disable,
  configure,
  exit,
  end,
  do_command,
  list,
  find,
  show_history,
  show_daemons,
  terminal_length,
  no_terminal_length,
  terminal_width,
  terminal_paginate,
  no_terminal_paginate,
  terminal_colour,
  no_terminal_colour,
  output_file,
  no_output_file,
  copy_to_running,
  copy_from_running,
  ping,
  traceroute,
};

// The shell's commands in each of their modes, and each daemon command once.
cli::Grammar merge_grammars(const std::vector<const cli::Grammar*>& daemons);

}  // namespace tandem::vtysh
