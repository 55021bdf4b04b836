// SPDX-License-Identifier: Apache-2.0
// The commands that the daemon itself understands, joined from the tables of their subjects (command_table.h).
// Configuration commands are not here: they follow from yang/.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lib/cli/grammar.h"
#include "lib/cli/match.h"
#include "lib/config/datastore.h"
#include "lib/config/transactions.h"
#include "lib/ipc/server.h"
#include "vrrpd/mgmt/advert_rates.h"
#include "vrrpd/mgmt/operational.h"

namespace tandem::vrrpd::mgmt {

// What a handler may do to the session that called it.
class Terminal {
 public:
  enum class Monitor { off, on };
  virtual ~Terminal() = default;
  virtual void print(std::string text) = 0;
  virtual void monitor(Monitor monitor) = 0;
};

// What the daemon remembers of a connected shell. Commands of configuration sessions and live screens add theirs.
struct SessionState {
  std::uint64_t id = 0;
  ipc::Peer peer;
  AdvertRates rates = {};  // of `monitor vrrp`
};

struct CommandContext {
  Control& control;
  tandem::config::Datastore& datastore;
  tandem::config::Transactions& transactions;
  std::string config_file;  // where `write memory` writes
  std::string user;         // that the daemon has become; empty: none
};

class Commands {
 public:
  explicit Commands(CommandContext context);
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
  base::Result<> execute(const Typed& typed, Terminal& terminal, SessionState& session) const;

 private:
  struct Table;

  CommandContext context_;
  cli::Grammar grammar_;
  std::unique_ptr<Table> table_;
};

// The grammar alone, for documents; `configuration` is that of the configuration commands.
cli::Grammar operational_grammar(const cli::Grammar& configuration);

// The configuration, with or without FRR's header lines and always without its "end" (frr-facts §1.8).
enum class Header { with, without };
std::string running_config(const CommandContext& context, Header header);

}  // namespace tandem::vrrpd::mgmt
