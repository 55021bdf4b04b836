// SPDX-License-Identifier: Apache-2.0
// The commands of view and enable mode: one table with syntax, help and handler (commands.cpp). Configuration commands
// are not here: they follow from yang/.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lib/cli/grammar.h"
#include "lib/cli/match.h"
#include "lib/config/datastore.h"
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

struct CommandContext {
  Control& control;
  tandem::config::Datastore& datastore;
  std::string config_file;  // where `write memory` writes
};

class Commands {
 public:
  explicit Commands(CommandContext context);

  const cli::Grammar& grammar() const { return grammar_; }

  // Runs a line typed in `mode`. The error is what the shell shows, with "% ".
  base::Result<> execute(std::string_view mode, std::string_view line, Terminal& terminal) const;

 private:
  CommandContext context_;
  cli::Grammar grammar_;
};

// The configuration between FRR's header lines and "end" (frr-facts §1.8).
enum class Header { with, without };
std::string running_config(const CommandContext& context, Header header);

}  // namespace tandem::vrrpd::mgmt
