// SPDX-License-Identifier: Apache-2.0
#include "vtysh/shell.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "lib/ipc/error_text.h"
#include "lib/os/hostname.h"
#include "vtysh/files.h"
#include "vtysh/suggest.h"

namespace tandem::vtysh {
namespace {

constexpr std::size_t kMaxHistory = 1000;  // the size of the history file

bool knows(const ipc::Welcome* daemon, const Interpretation& found, std::string_view line) {
  return daemon != nullptr && cli::match(daemon->grammar, found.mode, line).status == cli::MatchStatus::matched;
}

}  // namespace

Shell::Shell(Daemons& daemons, StartMode start, Terminal* terminal)
    : daemons_(daemons), start_(start), terminal_(terminal), candidates_(daemons), hostname_(os::hostname()) {
  if (refresh() && may_configure_ && start_ == StartMode::enable_if_allowed) {
    mode_ = Mode::enable;
  }
}

Shell::~Shell() = default;

std::string Shell::prompt() const {
  switch (mode_) {
    case Mode::view:
      return hostname_ + "> ";
    case Mode::enable:
      return hostname_ + "# ";
    case Mode::config:
      return fmt::format("{}({})# ", hostname_, modes().front());
  }
  return {};
}

// Finds out which connections have ended, connects again, and takes over the grammar of new daemons. The grammar of a
// daemon without connection stays: the shell still parses its commands, and answers why they cannot run.
base::Result<> Shell::refresh() {
  static_cast<void>(daemons_.read_pending());  // a line must not fail because a worker was replaced before it
  auto connected = daemons_.connect();
  if (!connected || generation_ == daemons_.generation()) {
    return connected;
  }
  std::vector<const cli::Grammar*> grammars;
  may_configure_ = false;
  for (std::size_t index = 0; index < daemons_.size(); ++index) {
    if (const ipc::Welcome* welcome = daemons_.welcome(index)) {
      grammars.push_back(&welcome->grammar);
      may_configure_ = may_configure_ || welcome->may_configure;
      hostname_ = welcome->hostname;
    }
  }
  grammar_ = merge_grammars(grammars);
  for (std::size_t index = 0; monitoring_ && index < daemons_.size(); ++index) {
    static_cast<void>(daemons_.call(index, {0, ipc::Execute{std::string(kViewMode), "terminal monitor", {}}},
                                    [](const std::string&) {}));
  }
  generation_ = daemons_.generation();
  return {};
}

// The mode of the session, then those that enclose it.
std::vector<std::string> Shell::modes() const {
  switch (mode_) {
    case Mode::view:
      return {std::string(kViewMode)};
    case Mode::enable:
      return {std::string(kEnableMode)};
    case Mode::config:
      break;
  }
  std::vector<std::string> result{std::string(cli::kConfigMode)};
  for (const std::string& line : context_) {
    const cli::Match entered = cli::match(grammar_, result.front(), line);
    if (entered.status == cli::MatchStatus::matched && !entered.command->enters_mode.empty()) {
      result.insert(result.begin(), entered.command->enters_mode);
    }
  }
  return result;
}

LineResult Shell::execute(std::string_view line, Output& out) {
  line = without_trailing_blanks(line);
  const auto words = cli::split_words(line);
  if (words.empty() || words.front().text.starts_with('!') || words.front().text.starts_with('#')) {
    return LineResult::ok;
  }
  history_.emplace_back(line);
  if (history_.size() > kMaxHistory) {
    history_.erase(history_.begin());
  }
  const LineResult result = run(modes(), line, out);
  if (redirected_ && !redirected_->status()) {
    out.write(fmt::format("% {}\n", redirected_->status().error().message));
    redirected_.reset();
    return LineResult::failed;
  }
  return result;
}

LineResult Shell::run(const std::vector<std::string>& modes, std::string_view line, Output& out) {
  const auto connected = refresh();
  if (lost_candidate(out)) {
    return LineResult::failed;
  }
  auto pipeline = parse_line(grammar_, modes, line);
  if (!pipeline) {
    out.write(pipeline.error().message + "\n");
    return LineResult::failed;
  }
  const Interpretation found = interpret(grammar_, modes, pipeline->command);
  if (found.match.status != cli::MatchStatus::matched) {
    out.write((connected ? cli::error_text(found.match, pipeline->command) : "% " + connected.error().message) + "\n");
    if (connected && found.match.status == cli::MatchStatus::unknown) {
      const std::string where = advice(modes, pipeline->command);
      out.write(where);
      if (mode_ == Mode::view && !where.empty()) {
        daemons_.report_attempt(pipeline->command);
      }
    }
    return LineResult::failed;
  }
  if (found.own != OwnCommand::none) {
    FilteredOutput filtered(out, std::move(pipeline->filters));
    const LineResult result = run_own(found.own, found.match, filtered);
    filtered.finish();
    return result;
  }
  if (!connected) {
    out.write("% " + connected.error().message + "\n");
    return LineResult::failed;
  }
  const bool live = found.match.command->kind == cli::CommandKind::live;
  if (live && terminal_ != nullptr && !redirected_ && pipeline->filters.empty()) {
    return run_live(found, pipeline->command, out);
  }
  const LineResult result = run_on_daemons(found, *pipeline, out);
  const bool enters = !is_configuration_mode(found.mode) && !found.match.command->enters_mode.empty();
  return enters ? enter_candidate(result, out) : result;
}

// The mode in which the line would be valid, for the error message.
std::string Shell::advice(const std::vector<std::string>& modes, std::string_view line) const {
  const auto elsewhere = find_elsewhere(grammar_, modes, line);
  if (!elsewhere) {
    return {};
  }
  if (mode_ == Mode::view) {
    const std::string_view obstacle = start_ == StartMode::view_only ? kStartedToView
                                      : may_configure_               ? "type enable first"
                                                                     : kWhoMayConfigure;
    return fmt::format("not in view mode: {}\n", obstacle);
  }
  if (elsewhere->mode == kEnableMode) {
    return fmt::format("known in enable mode, from here: do {}\n", line);
  }
  return fmt::format("known in {} mode, after: {}\n", elsewhere->mode, fmt::join(elsewhere->way, ", "));
}

LineResult Shell::run_on_daemons(const Interpretation& found, const Pipeline& pipeline, Output& out) {
  const bool configuring = found.match.command->kind == cli::CommandKind::configuration;
  const cli::Context context = context_;  // the same for all
  LineResult result = LineResult::ok;
  for (std::size_t index = 0; index < daemons_.size(); ++index) {
    if (!knows(daemons_.welcome(index), found, pipeline.command)) {
      continue;
    }
    FilteredOutput filtered(destination(out), pipeline.filters);
    const auto done = call(index, {0, ipc::Execute{found.mode, pipeline.command, context}}, filtered);
    filtered.finish();
    if (!done) {
      const bool interrupted = terminal_ != nullptr && terminal_->interrupted();  // the terminal has shown ^C before
      out.write(fmt::format("{}% {}\n", interrupted ? "\n" : "", done.error().message));
      if (!interrupted) {
        explain_loss(index, found, out);
      }
      result = LineResult::failed;
    } else if (finish(index, *done, out) == LineResult::failed) {
      result = LineResult::failed;
    } else if (configuring) {
      context_ = done->context;
    }
  }
  if (result == LineResult::ok) {
    candidates_.handle_command(found.match.canonical);
  }
  if (result == LineResult::ok && found.match.canonical == "terminal monitor") {
    monitoring_ = true;
  } else if (result == LineResult::ok && found.match.canonical == "no terminal monitor") {
    monitoring_ = false;
  }
  return result;
}

// Explains an error when the connection ended before the answer, as when a worker is replaced. The next worker has all
// commits, also one that the history lacked at that time.
void Shell::explain_loss(std::size_t index, const Interpretation& found, Output& out) {
  const std::string_view line = found.match.canonical;
  const bool edits = found.match.command->kind == cli::CommandKind::configuration;
  const bool commits = edits ? editing_ == Editing::running : is_commit(line);
  if (line.starts_with("show ") || line == "commit check" || (edits && !commits)) {
    return;  // nothing has changed; lost_candidate() reports the loss of a candidate
  }
  if (!commits) {
    out.write("% It is not known whether this was done: type it again\n");
    return;
  }
  StringOutput history;
  const bool told = daemons_.connect() && daemons_.welcome(index) != nullptr &&
                    call(index, {0, ipc::Execute{std::string(kEnableMode), "show configuration commits", {}}}, history);
  const std::string text = history.take();
  const std::size_t end = text.find('\n', text.find('\n') + 1);  // the end of the newest entry
  if (!told || end == std::string::npos) {
    out.write("% It is not known whether this took effect: see show configuration commits\n");
  } else {
    out.write("% If this took effect, it is the last commit, which is now:\n" + text.substr(0, end + 1));
  }
}

// Discards output that arrives after Ctrl-C.
base::Result<ipc::Done> Shell::call(std::size_t index, ipc::Request request, Output& out) {
  return daemons_.call(index, std::move(request), [this, &out](const std::string& text) {
    if (terminal_ == nullptr || !terminal_->interrupted()) {
      out.write(text);
    }
  });
}

LineResult Shell::finish(std::size_t index, const ipc::Done& done, Output& out) {
  if (!done.hostname.empty()) {
    hostname_ = done.hostname;
  }
  candidates_.handle_answer(index, done);
  if (!done.ok) {
    out.write(done.error + "\n");
    return LineResult::failed;
  }
  if (terminal_ != nullptr && terminal_->interrupted()) {
    out.write("\n% Interrupted\n");  // the terminal has written ^C at the cursor
    return LineResult::failed;
  }
  return LineResult::ok;
}

LineResult Shell::run_live(const Interpretation& found, const std::string& line, Output& out) {
  const auto shown = terminal_->show_live([&]() -> base::Result<std::string> {
    StringOutput text;
    for (std::size_t index = 0; index < daemons_.size(); ++index) {
      if (!knows(daemons_.welcome(index), found, line)) {
        continue;
      }
      const auto done = call(index, {0, ipc::Execute{found.mode, line, {}, terminal_->columns()}}, text);
      if (!done || !done->ok) {
        return base::fail("{}", done ? ipc::decode_error(done->error) : done.error().message);
      }
    }
    return text.take();
  });
  if (!shown) {
    out.write(fmt::format("% {}\n", shown.error().message));
    return LineResult::failed;
  }
  return LineResult::ok;
}

bool Shell::close(Output& out) { return mode_ != Mode::config || leave_configuration(out); }

std::string Shell::help(std::string_view line) {
  return help_text(suggest(grammar_, modes(), line), [this](const std::string& source) {
    return source == kFileCompleter ? std::vector<std::string>() : daemons_.complete(source);
  });
}

std::vector<std::string> Shell::completions(std::string_view line) {
  const std::string_view word = line.substr(line.find_last_of(" \t") + 1);
  return completion_words(suggest(grammar_, modes(), line), line, [this, word](const std::string& source) {
    return source == kFileCompleter ? file_names(word) : daemons_.complete(source);
  });
}

bool Shell::ends_in_text(std::string_view line) const {
  line = without_trailing_blanks(line);
  const bool in_word = line.size() >= 2 && line.ends_with('?') && line[line.size() - 2] != ' ';
  return in_word && takes_text(interpret(grammar_, modes(), line).match);
}

}  // namespace tandem::vtysh
