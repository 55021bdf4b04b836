// SPDX-License-Identifier: Apache-2.0
// The commands as tables: rows of access, syntax and handler, with the help of their words. Each subject has its own
// file with a function that returns its CommandSet. commands.cpp joins those of this folder, which every daemon has,
// with those of the daemon (DaemonCommands).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/grammar.h"
#include "lib/ipc/messages.h"
#include "lib/mgmt/invocation.h"

namespace tandem::mgmt {

// The error is what the shell shows, with "% ".
using Handler = base::Result<> (*)(const Invocation&);

// `view`: accepted in view and enable mode; such a command changes nothing. `enable`: in enable mode only. `config`: in all
// configuration modes.
enum class Access { view, enable, config };

struct Row {
  Access access;
  std::string syntax;
  Handler handler;
  const char* enters_mode = "";
  cli::CommandKind kind = cli::CommandKind::operational;
};

// Commands of enable mode with the syntax of the configuration commands that begin with `beginning`. As configuration the
// effect lasts; in enable mode it ends with this run.
struct Borrowed {
  const char* beginning;
  Handler handler;
};

struct CommandSet {
  std::vector<Row> rows;
  std::vector<cli::TokenHelp> helps;  // of words that common_helps() has not
  std::vector<Borrowed> borrowed = {};
};

// Completers of words whose values the service itself knows; the control knows those of all others.
inline constexpr std::string_view kMessageCompleter = "message";  // ids of log messages

// What one daemon adds to the commands that all have.
struct DaemonCommands {
  std::vector<CommandSet> sets;
  std::vector<cli::TokenHelp> helps = {};       // of words that several of its sets have
  std::vector<ipc::Highlight> highlights = {};  // words of their output that a terminal shows in colour
};

// The commands of this folder. `daemon`: its name, a word of some of them.
CommandSet configuration_commands();
CommandSet file_commands(std::string_view daemon);
CommandSet log_commands();
CommandSet system_commands(std::string_view daemon);

// The session as Transactions knows it, now.
config::Caller caller_of(const SessionState& session);

}  // namespace tandem::mgmt
