// SPDX-License-Identifier: Apache-2.0
// The commands that a daemon itself executes, joined from the tables of their subjects (command_table.h): those that
// every daemon has, and its own. Configuration commands are not here: they follow from yang/.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/cli/grammar.h"
#include "lib/mgmt/command_table.h"
#include "lib/mgmt/invocation.h"

namespace tandem::mgmt {

class Commands {
 public:
  Commands(CommandContext context, const DaemonCommands& own);
  ~Commands();

  const cli::Grammar& grammar() const { return grammar_; }

  // Whether the line is one of these commands, in `mode`; in a configuration mode it may be one of the configuration.
  bool understand(std::string_view mode, std::string_view line) const;

  // Runs a line typed in `mode`. The error is what the shell shows, with "% ".
  struct Typed {
    std::string_view mode;
    std::string_view line;
    std::size_t columns = 0;  // of the terminal, if a live screen is shown there
  };
  base::Result<> execute(const Typed& typed, SessionOutput& output, SessionState& session) const;

 private:
  struct Table;

  CommandContext context_;
  cli::Grammar grammar_;
  std::unique_ptr<Table> table_;
};

// The grammar alone, for documents; `configuration` is that of the configuration commands.
cli::Grammar operational_grammar(std::string_view daemon, const cli::Grammar& configuration, const DaemonCommands& own);

// The configuration, with or without FRR's header lines and always without its "end".
enum class Header { with, without };
std::string running_config(const CommandContext& context, Header header);

}  // namespace tandem::mgmt
