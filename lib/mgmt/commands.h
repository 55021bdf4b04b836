// SPDX-License-Identifier: Apache-2.0
// The commands that a daemon itself executes, joined from the tables of their subjects (command_table.h): those that
// every daemon has, and its own. Configuration commands are not here: they follow from yang/.
#pragma once

#include <any>
#include <memory>
#include <string>
#include <vector>

#include "lib/cli/grammar.h"
#include "lib/cli/match.h"
#include "lib/config/datastore.h"
#include "lib/config/transactions.h"
#include "lib/ipc/server.h"
#include "lib/mgmt/control.h"

namespace tandem::mgmt {

// The session as the handler of a command sees it: it takes the output, and copies of log messages if the user asks for them.
class SessionOutput {
 public:
  enum class LogCopy { off, on };
  virtual ~SessionOutput() = default;
  virtual void print(std::string text) = 0;
  virtual void copy_log(LogCopy wanted) = 0;
};

// The state of a connected shell.
struct SessionState {
  std::uint64_t id = 0;
  ipc::Peer peer;
  std::any screen = {};  // what the live screen of this session keeps from one refresh to the next

  // The state of a live screen; a new one if the session has shown no screen of this kind last.
  template <class Screen>
  Screen& screen_as() {
    if (std::any_cast<Screen>(&screen) == nullptr) {
      screen.emplace<Screen>();
    }
    return *std::any_cast<Screen>(&screen);
  }
};

struct CommandContext {
  std::string daemon;  // its name: "vrrpd"
  Control& control;
  config::Datastore& datastore;
  config::Transactions& transactions;
  std::string config_file;  // where `write memory` writes
  std::string user;         // that the daemon has become; empty: none
};

struct DaemonCommands;

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

// The configuration, with or without FRR's header lines and always without its "end" (frr-facts §1.8).
enum class Header { with, without };
std::string running_config(const CommandContext& context, Header header);

}  // namespace tandem::mgmt
