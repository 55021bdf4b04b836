// SPDX-License-Identifier: Apache-2.0
// One session of an operator: in which mode it is, what a line means there, and which daemons have to hear of it. Knows
// neither terminal nor sockets: lines come in, text goes to an Output.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/complete.h"
#include "lib/cli/config_commands.h"
#include "lib/cli/match.h"
#include "vtysh/commands.h"
#include "vtysh/daemons.h"
#include "vtysh/output.h"

namespace tandem::vtysh {

// How a session begins: in enable mode if the daemons allow it, or (-u) in view mode for good.
enum class StartMode { enable_if_allowed, view_only };

enum class LineResult { ok, failed, leave };  // leave: the session is over

class Shell {
 public:
  // The daemons should be connected: what they say decides the first mode.
  Shell(Daemons& daemons, StartMode start);

  std::string prompt() const;  // "host(config-if)# "

  // Runs one line. Errors of commands ("% …") go to `out` too, as FRR's shell prints them.
  LineResult execute(std::string_view line, Output& out);

  // What may follow `line`, as `?` prints it, live values included.
  std::string help(std::string_view line);
  // The words that the last word of `line` may become.
  std::vector<std::string> completions(std::string_view line);

  bool monitoring() const { return monitoring_; }                          // log lines are wanted
  std::optional<std::size_t> page_length() const { return page_length_; }  // 0: no pager; not set: the terminal's
  bool in_configuration() const { return mode_ == Mode::config; }

 private:
  enum class Mode { view, enable, config };
  struct Found {
    std::string mode;  // in which the line was understood
    cli::Match match;
    OwnCommand own = OwnCommand::none;
  };
  // What a half-typed line is matched against: `do show` in a configuration mode is `show` in enable mode.
  struct Position {
    std::vector<std::string> modes;
    std::string_view line;
  };

  base::Result<> refresh();
  std::vector<std::string> modes() const;
  Found find(const std::vector<std::string>& modes, std::string_view line) const;
  Position position_of(std::string_view line) const;
  std::vector<cli::Candidate> candidates_for(std::string_view line) const;

  LineResult run(const std::vector<std::string>& modes, std::string_view line, Output& out);
  LineResult run_own(OwnCommand command, const cli::Match& match, Output& out);
  LineResult run_on_daemons(const Found& found, const Pipeline& pipeline, Output& out);
  LineResult finish(const ipc::Done& done, const Found& found, Output& out);
  LineResult enter_enable(Output& out);
  LineResult enter_configuration(Output& out);
  LineResult leave_level();
  void list_commands(Output& out) const;
  LineResult find_commands(const std::string& pattern, Output& out) const;

  Daemons& daemons_;
  StartMode start_;
  Mode mode_ = Mode::view;
  cli::Context context_;  // in Mode::config
  cli::Grammar grammar_;
  std::optional<unsigned> generation_;  // of the daemons, from which grammar_ is
  bool may_configure_ = false;
  std::string hostname_;
  bool monitoring_ = false;
  std::optional<std::size_t> page_length_;
  std::vector<std::string> history_;
};

}  // namespace tandem::vtysh
