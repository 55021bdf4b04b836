// SPDX-License-Identifier: Apache-2.0
// One session of an operator: its mode, its settings, and the execution of lines by the shell and the daemons. It uses
// neither a terminal nor sockets itself: the caller passes lines, text goes to an Output, questions and live screens to
// a Terminal.
//
// A session is in view mode, enable mode or a configuration mode. In a configuration mode a line takes effect at once
// (`configure terminal`) or changes a candidate that the daemons keep for the session (`configure private|exclusive`,
// commands of the daemons; candidates.h). Leaving a changed candidate may ask the operator.
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

// view_only (-u): the session stays in view mode.
enum class StartMode { enable_if_allowed, view_only };

enum class LineResult { ok, failed, leave };  // leave: the session has ended

class Shell {
 public:
  // Precondition: the daemons are connected, since their answer decides the first mode. `terminal`: nullptr for a
  // session without a person.
  Shell(Daemons& daemons, StartMode start, Terminal* terminal = nullptr);
  ~Shell();

  std::string prompt() const;  // "host(config-if)# "

  // Runs one line. Errors of commands ("% …") go to `out` too, as FRR's shell prints them.
  LineResult execute(std::string_view line, Output& out);

  // For the end of the input (Ctrl-D, end of a script): leaves configuration as `end` does. False: the operator stays.
  bool close(Output& out);

  // The help for `?` after `line`, with live values.
  std::string help(std::string_view line);
  // The completions of the last word of `line`.
  std::vector<std::string> completions(std::string_view line);
  // Whether a `?` at the end of `line` is part of its text ("description really?") and not a request for help.
  bool ends_in_text(std::string_view line) const;

  bool monitoring() const { return monitoring_; }  // whether to show log lines
  // 0: no pager; nullopt: the terminal's height
  std::optional<std::size_t> page_length() const { return page_length_; }

 private:
  enum class Mode { view, enable, config };
  // The target of configuration lines. locked: `configure terminal file-lock`, a candidate that is committed when the
  // session leaves it, as scripts written for FRR expect.
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
  std::optional<unsigned> generation_;  // of the daemons when grammar_ was merged
  bool may_configure_ = false;
  std::string hostname_;
  bool monitoring_ = false;
  std::optional<std::size_t> page_length_;
  std::vector<std::string> history_;
  std::unique_ptr<RedirectedOutput> redirected_;  // `output file`
};

}  // namespace tandem::vtysh
