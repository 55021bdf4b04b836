// SPDX-License-Identifier: Apache-2.0
#include "vtysh/commands.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "lib/base/check.h"
#include "lib/cli/config_commands.h"

namespace tandem::vtysh {
namespace {

enum Modes : unsigned {
  kView = 1,
  kEnable = 2,
  kConfig = 4,
  kOperational = kView | kEnable,
  kAll = kOperational | kConfig
};
enum class Visibility { shown, hidden };

struct Row {
  OwnCommand id;
  unsigned modes;
  const char* syntax;
  Visibility visibility = Visibility::shown;
};

// View mode has a hidden row for each command that needs another mode, so that the shell can refuse it with a reason.
const std::vector<Row>& rows() {
  static const std::vector<Row> kRows{
      {OwnCommand::enable, kView, "enable"},
      {OwnCommand::enable, kEnable, "enable", Visibility::hidden},
      {OwnCommand::disable, kEnable, "disable"},
      {OwnCommand::configure, kEnable, "configure [terminal [file-lock]]"},
      {OwnCommand::configure, kView, "configure [terminal [file-lock]]", Visibility::hidden},
      {OwnCommand::exit, kAll, "exit"},
      {OwnCommand::exit, kAll, "quit"},
      {OwnCommand::end, kConfig, "end"},
      {OwnCommand::end, kOperational, "end", Visibility::hidden},
      {OwnCommand::do_command, kConfig, "do LINE..."},
      {OwnCommand::list, kAll, "list [permutations]"},
      {OwnCommand::find, kAll, "find REGEX..."},
      {OwnCommand::show_history, kOperational, "show history"},
      {OwnCommand::show_daemons, kOperational, "show daemons"},
      {OwnCommand::terminal_length, kOperational, "terminal length (0-512)"},
      {OwnCommand::no_terminal_length, kOperational, "no terminal length"},
      {OwnCommand::terminal_width, kOperational, "terminal width (0-32767)"},
      {OwnCommand::terminal_width, kOperational, "no terminal width", Visibility::hidden},
      {OwnCommand::terminal_paginate, kOperational, "terminal paginate"},
      {OwnCommand::no_terminal_paginate, kOperational, "no terminal paginate"},
      {OwnCommand::terminal_colour, kOperational, "terminal color"},
      {OwnCommand::no_terminal_colour, kOperational, "no terminal color"},
      {OwnCommand::output_file, kOperational, "output file FILENAME"},
      {OwnCommand::no_output_file, kOperational, "no output file"},
      {OwnCommand::copy_to_running, kEnable, "copy FILENAME running-config"},
      {OwnCommand::copy_from_running, kEnable, "copy running-config FILENAME [json]"},
      {OwnCommand::ping, kOperational, "ping [<ip|ipv6>] HOST [{source ADDRESS|count (1-65535)|dontfragment}]"},
      {OwnCommand::traceroute, kOperational, "traceroute [<ip|ipv6>] HOST"},
  };
  return kRows;
}

const std::vector<cli::TokenHelp>& helps() {
  static const std::vector<cli::TokenHelp> kHelps{
      {"enable", "Turn on privileged mode"},
      {"disable", "Turn off privileged mode"},
      {"configure", "Configuration from this terminal"},
      {"terminal", "Terminal settings"},
      {"exit", "Leave this mode, or the shell"},
      {"quit", "Leave this mode, or the shell"},
      {"end", "Leave configuration"},
      {"do", "Run a command of the enable mode"},
      {"LINE...", "A command", "text"},
      {"REGEX...", "A regular expression", "text"},
      {"list", "Print the commands of this mode"},
      {"permutations", "Every way to write each of them"},
      {"find", "Find commands by a regular expression"},
      {"show", "Show running system information"},
      {"history", "The lines typed in this session"},
      {"daemons", "The daemons that answer this shell"},
      {"length", "Lines of a screenful, for the pager"},
      {"(0-512)", "Number of lines; 0 turns the pager off", "lines"},
      {"width", "Columns of the terminal; nothing is folded to them"},
      {"(0-32767)", "Number of columns"},
      {"no", "Negate a command or set its defaults"},
      {"file-lock", "No other session may configure; committed as a whole on leaving"},
      {"paginate", "Show more than a screenful with a pager"},
      {"color", "Colours for states, on a terminal"},
      {"output", "Where the output of commands goes"},
      {"file", "To a file"},
      {"FILENAME", "Name of a file", "path", kFileCompleter},
      {"copy", "Copy a configuration"},
      {"running-config", "Current operating configuration"},
      {"json", "As YANG instance data in JSON"},
      {"ping", "Send echo requests"},
      {"traceroute", "Show the route to a host"},
      {"ip", "IPv4"},
      {"ipv6", "IPv6"},
      {"HOST", "Name or address of a host", "host"},
      {"source", "Send from this address or interface"},
      {"ADDRESS", "Address or interface", "address"},
      {"count", "How many"},
      {"(1-65535)", "Number of requests", "packets"},
      {"dontfragment", "Forbid fragmentation"},
  };
  return kHelps;
}

unsigned kind_of(std::string_view mode) {
  if (mode == kViewMode) {
    return kView;
  }
  return mode == kEnableMode ? kEnable : kConfig;
}

}  // namespace

cli::Grammar merge_grammars(const std::vector<const cli::Grammar*>& daemons) {
  std::set<std::string> modes{std::string(kViewMode), std::string(kEnableMode), std::string(cli::kConfigMode)};
  for (const cli::Grammar* grammar : daemons) {
    for (const cli::Command& command : grammar->commands) {
      modes.insert(command.mode);
      if (!command.enters_mode.empty()) {
        modes.insert(command.enters_mode);
      }
    }
  }

  cli::Grammar merged;
  std::set<std::pair<std::string, std::string>> known;
  for (const Row& row : rows()) {
    const auto syntax = cli::parse_syntax(row.syntax, helps());
    TANDEM_INVARIANT(syntax.has_value());
    for (const std::string& mode : modes) {
      if ((row.modes & kind_of(mode)) != 0) {
        known.emplace(mode, row.syntax);
        merged.commands.push_back(
            {mode, *syntax, "", row.visibility == Visibility::hidden, static_cast<std::uint32_t>(row.id)});
      }
    }
  }
  for (const cli::Grammar* grammar : daemons) {
    for (const cli::Command& command : grammar->commands) {
      if (known.emplace(command.mode, cli::to_string(command.syntax)).second) {
        merged.commands.push_back(command);
        merged.commands.back().id = static_cast<std::uint32_t>(OwnCommand::none);
      }
    }
  }
  return merged;
}

}  // namespace tandem::vtysh
