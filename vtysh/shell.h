// SPDX-License-Identifier: Apache-2.0
// One session of an operator: in which mode it is, what a line means there, and which daemons have to hear of it. Knows
// neither terminal nor sockets: lines come in, text goes to an Output, and what takes a person goes to a Terminal.
//
// A session is in view mode, in enable mode, or configures. Configuring, each line either takes effect at once
// (`configure terminal`) or waits in a candidate that the daemons keep for the session (`configure private|exclusive`,
// commands of the daemons). Leaving a candidate is the one thing that may take a question.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/config_commands.h"
#include "lib/cli/match.h"
#include "vtysh/candidates.h"
#include "vtysh/daemons.h"
#include "vtysh/filters.h"
#include "vtysh/interpret.h"
#include "vtysh/output.h"
#include "vtysh/terminal.h"

namespace tandem::vtysh {

// How a session begins: in enable mode if the daemons allow it, or (-u) in view mode for good.
enum class StartMode { enable_if_allowed, view_only };

enum class LineResult { ok, failed, leave };  // leave: the session is over

class Shell {
 public:
  // The daemons should be connected: what they say decides the first mode. `terminal`: nullptr for a session without a
  // person.
  Shell(Daemons& daemons, StartMode start, Terminal* terminal = nullptr);
  ~Shell();

  std::string prompt() const;  // "host(config-if)# "

  // Runs one line. Errors of commands ("% …") go to `out` too, as FRR's shell prints them.
  LineResult execute(std::string_view line, Output& out);

  // The input is over (Ctrl-D, the end of a script): leaves configuration as `end` does. False: the operator stays.
  bool close(Output& out);

  // What may follow `line`, as `?` prints it, live values included.
  std::string help(std::string_view line);
  // The words that the last word of `line` may become.
  std::vector<std::string> completions(std::string_view line);
  // Whether a `?` at the end of `line` is a letter of its text ("description really?") and no question.
  bool ends_in_text(std::string_view line) const;

  bool monitoring() const { return monitoring_; }                          // log lines are wanted
  std::optional<std::size_t> page_length() const { return page_length_; }  // 0: no pager; not set: the terminal's

 private:
  enum class Mode { view, enable, config };
  // How a configuring session edits. `locked`: `configure terminal file-lock`, a candidate that is committed when it is
  // left, so that a script written for FRR has its effect.
  enum class Editing { running, candidate, locked };

  base::Result<> refresh();
  std::vector<std::string> modes() const;
  bool lost_candidate(Output& out);
  std::string advice(const std::vector<std::string>& modes, std::string_view line) const;

  LineResult run(const std::vector<std::string>& modes, std::string_view line, Output& out);
  LineResult run_on_daemons(const Interpretation& found, const Pipeline& pipeline, Output& out);
  LineResult run_live(const Interpretation& found, const std::string& line, Output& out);
  void explain_loss(std::size_t index, const Interpretation& found, Output& out);
  base::Result<ipc::Done> call(std::size_t index, ipc::Request request, Output& out);
  LineResult finish(std::size_t index, const ipc::Done& done, Output& out);
  LineResult enter_candidate(LineResult entered, Output& out);
  Output& destination(Output& out) { return redirected_ ? *redirected_ : out; }

  LineResult run_own(OwnCommand command, const cli::Match& match, Output& out);
  LineResult enter_enable(Output& out);
  LineResult enter_configuration(const cli::Match& match, Output& out);
  LineResult leave_level(Output& out);
  LineResult output_to_file(const std::string& path, Output& out);
  LineResult copy_from_running(const cli::Match& match, Output& out);

  bool leave_configuration(Output& out);
  bool leave_candidate(Output& out);
  bool commit(Output& out);
  void back_to_enable();

  Daemons& daemons_;
  StartMode start_;
  Terminal* terminal_;
  Mode mode_ = Mode::view;
  cli::Context context_;                // in Mode::config
  Editing editing_ = Editing::running;  // in Mode::config
  Candidates candidates_;               // unless editing_ is running
  cli::Grammar grammar_;
  std::optional<unsigned> generation_;  // of the daemons, from which grammar_ is
  bool may_configure_ = false;
  std::string hostname_;
  bool monitoring_ = false;
  std::optional<std::size_t> page_length_;
  std::vector<std::string> history_;
  std::unique_ptr<RedirectedOutput> redirected_;  // `output file`
};

}  // namespace tandem::vtysh
