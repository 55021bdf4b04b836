// SPDX-License-Identifier: Apache-2.0
// How the commands of a shell are written down: rows of access, syntax and handler, with the help of their words. Each
// subject has its own file with a function that returns its CommandSet; commands.cpp joins them.
#pragma once

#include <vector>

#include "lib/cli/grammar.h"
#include "vrrpd/mgmt/commands.h"

namespace tandem::vrrpd::mgmt {

struct Invocation {
  const CommandContext& context;
  const cli::Bindings& bindings;
  Terminal& terminal;
  SessionState& session;
  std::size_t columns = 0;  // Commands::Typed
};
// The error is what the shell shows, with "% ".
using Handler = base::Result<> (*)(const Invocation&);

// In view mode an operator looks, in enable mode he also changes. `view` commands are those of enable mode too;
// `config` are all configuration modes.
enum class Access { view, enable, config };

struct Row {
  Access access;
  const char* syntax;
  Handler handler;
  const char* enters_mode = "";
  cli::CommandKind kind = cli::CommandKind::operational;
};

// Commands of enable mode whose words are those of configuration commands that begin so: what is configured lasts, what
// is typed in enable mode holds for this run.
struct Borrowed {
  const char* beginning;
  Handler handler;
};

struct CommandSet {
  std::vector<Row> rows;
  std::vector<cli::TokenHelp> helps;  // of words that common_helps() has not
  std::vector<Borrowed> borrowed = {};
};

// Words that commands of several subjects have.
const std::vector<cli::TokenHelp>& common_helps();

CommandSet show_commands();
CommandSet debug_commands();
CommandSet file_commands();
CommandSet interface_commands();
CommandSet log_commands();
CommandSet system_commands();
CommandSet configuration_commands();

// The filter that `{interface IFNAME|(1-255)}` says.
GroupFilter filter_of(const cli::Bindings& bindings);

// The session as Transactions knows it, now.
tandem::config::Caller caller_of(const SessionState& session);

}  // namespace tandem::vrrpd::mgmt
