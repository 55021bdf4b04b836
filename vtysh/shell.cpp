// SPDX-License-Identifier: Apache-2.0
#include "vtysh/shell.h"

#include <algorithm>

#include "lib/os/hostname.h"

namespace tandem::vtysh {
namespace {

constexpr std::size_t kMaxHistory = 1000;

constexpr const char* kNotAllowed = "% Not allowed: only root and members of group tandem may configure\n";
constexpr const char* kViewOnly = "% Not available: vtysh was started with -u\n";

std::string_view without_trailing_blanks(std::string_view line) {
  const std::size_t end = line.find_last_not_of(" \t\r\n");
  return end == std::string_view::npos ? std::string_view() : line.substr(0, end + 1);
}

std::vector<cli::Candidate> filter_candidates(std::string_view after_bar) {
  std::vector<cli::Candidate> result;
  const auto words = cli::split_words(after_bar);
  const bool in_word = words.size() == 1 && !after_bar.ends_with(' ');
  if (words.empty() || in_word) {
    for (const FilterHelp& filter : filter_help()) {
      if (words.empty() || filter.word.starts_with(words.front().text)) {
        result.push_back({std::string(filter.word), std::string(filter.help), "", true});
      }
    }
  } else if (words.front().text != "json") {
    result.push_back({"REGEX...", "A regular expression", "", false});
  }
  return result;
}

}  // namespace

Shell::Shell(Daemons& daemons, StartMode start) : daemons_(daemons), start_(start), hostname_(os::hostname()) {
  if (refresh() && may_configure_ && start_ == StartMode::enable_if_allowed) {
    mode_ = Mode::enable;
  }
}

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

// Connects what is not connected and takes over what new daemons say. The grammar of a daemon that has gone stays
// known: its commands are understood, and answered with the reason why they cannot be run.
base::Result<> Shell::refresh() {
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
    static_cast<void>(
        daemons_.call(index, {0, ipc::Execute{std::string(kViewMode), "terminal monitor"}}, [](const std::string&) {}));
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

// The first mode that understands the line; else the first that has something more helpful to say than "unknown".
Shell::Found Shell::find(const std::vector<std::string>& modes, std::string_view line) const {
  std::optional<Found> best;
  for (const std::string& mode : modes) {
    Found found{mode, cli::match(grammar_, mode, line)};
    if (found.match.status == cli::MatchStatus::matched) {
      found.own = static_cast<OwnCommand>(found.match.command->id);
      return found;
    }
    if (!best || (best->match.status == cli::MatchStatus::unknown && found.match.status != cli::MatchStatus::unknown)) {
      best = std::move(found);
    }
  }
  return std::move(*best);
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
  return run(modes(), line, out);
}

LineResult Shell::run(const std::vector<std::string>& modes, std::string_view line, Output& out) {
  const auto connected = refresh();
  const bool operational = modes.front() == kViewMode || modes.front() == kEnableMode;
  Pipeline pipeline{std::string(line), {}};
  Found found = find(modes, line);
  // A bar in a configuration line ("description a|b") and in the expression of `find` belongs to the text.
  if (operational && found.own != OwnCommand::find) {
    auto parsed = parse_pipeline(line);
    if (!parsed) {
      out.write(parsed.error().message + "\n");
      return LineResult::failed;
    }
    pipeline = std::move(*parsed);
    found = find(modes, pipeline.command);
  }
  if (found.match.status != cli::MatchStatus::matched) {
    out.write((connected ? cli::error_text(found.match, pipeline.command) : "% " + connected.error().message) + "\n");
    return LineResult::failed;
  }
  if (found.own != OwnCommand::none) {
    FilteredOutput filtered(out, std::move(pipeline.filters));
    const LineResult result = run_own(found.own, found.match, filtered);
    filtered.finish();
    return result;
  }
  if (!connected) {
    out.write("% " + connected.error().message + "\n");
    return LineResult::failed;
  }
  return run_on_daemons(found, pipeline, out);
}

LineResult Shell::run_on_daemons(const Found& found, const Pipeline& pipeline, Output& out) {
  const bool configures = found.mode != kViewMode && found.mode != kEnableMode;
  const cli::Context context = context_;  // the same for all
  LineResult result = LineResult::ok;
  for (std::size_t index = 0; index < daemons_.size(); ++index) {
    const ipc::Welcome* welcome = daemons_.welcome(index);
    if (welcome == nullptr ||
        cli::match(welcome->grammar, found.mode, pipeline.command).status != cli::MatchStatus::matched) {
      continue;
    }
    ipc::Request request;
    if (configures) {
      request.body = ipc::Configure{context, pipeline.command};
    } else {
      request.body = ipc::Execute{found.mode, pipeline.command};
    }
    FilteredOutput filtered(out, pipeline.filters);
    const auto done =
        daemons_.call(index, std::move(request), [&filtered](const std::string& text) { filtered.write(text); });
    filtered.finish();
    if (!done) {
      out.write(fmt::format("% {}\n", done.error().message));
      result = LineResult::failed;
    } else if (finish(*done, found, out) == LineResult::failed) {
      result = LineResult::failed;
    } else if (configures) {
      context_ = done->context;
    }
  }
  return result;
}

LineResult Shell::finish(const ipc::Done& done, const Found& found, Output& out) {
  if (!done.hostname.empty()) {
    hostname_ = done.hostname;
  }
  if (!done.ok) {
    out.write(done.error + "\n");
    return LineResult::failed;
  }
  if (found.match.canonical == "terminal monitor") {
    monitoring_ = true;
  } else if (found.match.canonical == "no terminal monitor") {
    monitoring_ = false;
  }
  return LineResult::ok;
}

LineResult Shell::run_own(OwnCommand command, const cli::Match& match, Output& out) {
  const auto text = [&match](const char* name) {
    const std::string* value = match.bindings.find(name);
    return value != nullptr ? *value : std::string();
  };
  switch (command) {
    case OwnCommand::enable:
      return enter_enable(out);
    case OwnCommand::disable:
      mode_ = Mode::view;
      return LineResult::ok;
    case OwnCommand::configure:
      return enter_configuration(out);
    case OwnCommand::exit:
      return leave_level();
    case OwnCommand::end:
      mode_ = mode_ == Mode::config ? Mode::enable : mode_;
      context_.clear();
      return LineResult::ok;
    case OwnCommand::do_command:
      return run({std::string(kEnableMode)}, text("text"), out);
    case OwnCommand::list:
      list_commands(out);
      return LineResult::ok;
    case OwnCommand::find:
      return find_commands(text("text"), out);
    case OwnCommand::show_history:
      for (const std::string& line : history_) {
        out.write("  " + line + "\n");
      }
      return LineResult::ok;
    case OwnCommand::terminal_length:
      page_length_ = std::stoul(text("lines"));
      return LineResult::ok;
    case OwnCommand::no_terminal_length:
      page_length_.reset();
      return LineResult::ok;
    case OwnCommand::none:
      break;
  }
  return LineResult::failed;
}

LineResult Shell::enter_enable(Output& out) {
  if (mode_ == Mode::view && (start_ == StartMode::view_only || !may_configure_)) {
    out.write(start_ == StartMode::view_only ? kViewOnly : kNotAllowed);
    return LineResult::failed;
  }
  mode_ = mode_ == Mode::view ? Mode::enable : mode_;
  return LineResult::ok;
}

LineResult Shell::enter_configuration(Output& out) {
  if (start_ == StartMode::view_only || !may_configure_) {
    out.write(start_ == StartMode::view_only ? kViewOnly : kNotAllowed);
    return LineResult::failed;
  }
  if (mode_ == Mode::view) {
    out.write("% Not in view mode: type enable first\n");
    return LineResult::failed;
  }
  mode_ = Mode::config;
  context_.clear();
  return LineResult::ok;
}

LineResult Shell::leave_level() {
  if (mode_ != Mode::config) {
    return LineResult::leave;
  }
  if (context_.empty()) {
    mode_ = Mode::enable;
  } else {
    context_.pop_back();
  }
  return LineResult::ok;
}

void Shell::list_commands(Output& out) const {
  const std::string mode = modes().front();
  std::vector<std::string> lines;
  for (const cli::Command& command : grammar_.commands) {
    if (command.mode == mode && !command.hidden) {
      lines.push_back("    " + cli::to_string(command.syntax) + "\n");
    }
  }
  std::sort(lines.begin(), lines.end());
  for (const std::string& line : lines) {
    out.write(line);
  }
}

LineResult Shell::find_commands(const std::string& pattern, Output& out) const {
  const auto regex = Regex::compile(pattern);
  if (!regex) {
    out.write(fmt::format("% Bad regexp '{}': {}\n", pattern, regex.error().message));
    return LineResult::failed;
  }
  for (const cli::Command& command : grammar_.commands) {
    if (const std::string syntax = cli::to_string(command.syntax); !command.hidden && regex->matches(syntax)) {
      out.write(fmt::format("  ({})  {}\n", command.mode, syntax));
    }
  }
  return LineResult::ok;
}

Shell::Position Shell::position_of(std::string_view line) const {
  if (const auto words = cli::split_words(line);
      mode_ == Mode::config && !words.empty() && words.front().text == "do") {
    const std::size_t after = words.front().offset + words.front().text.size();
    if (after < line.size()) {
      return {{std::string(kEnableMode)}, line.substr(after + 1)};
    }
  }
  return {modes(), line};
}

std::vector<cli::Candidate> Shell::candidates_for(std::string_view line) const {
  const Position position = position_of(line);
  const bool operational = position.modes.front() == kViewMode || position.modes.front() == kEnableMode;
  if (const std::size_t bar = position.line.rfind('|'); operational && bar != std::string_view::npos) {
    return filter_candidates(position.line.substr(bar + 1));
  }
  for (const std::string& mode : position.modes) {
    if (auto found = cli::candidates(grammar_, mode, position.line); !found.empty()) {
      return found;
    }
  }
  return {};
}

std::string Shell::help(std::string_view line) {
  const auto all = candidates_for(line);
  if (all.empty()) {
    return "% There is no matched command.\n";
  }
  // One line of the table per candidate; below a variable what it may stand for just now.
  std::string result;
  const std::string table = cli::help_table(all);
  std::size_t begin = 0;
  for (const cli::Candidate& candidate : all) {
    const std::size_t end = std::min(table.find('\n', begin), table.size());
    result += table.substr(begin, end - begin) + "\n";
    begin = end + 1;
    if (!candidate.completer.empty()) {
      const auto values = daemons_.complete(candidate.completer);
      result += values.empty() ? "" : fmt::format("     {}\n", fmt::join(values, " "));
    }
  }
  return result;
}

std::vector<std::string> Shell::completions(std::string_view line) {
  const auto words = cli::split_words(line);
  const bool in_word = !words.empty() && !line.ends_with(' ') && !line.ends_with('\t');
  std::string_view typed = in_word ? words.back().text : std::string_view();
  typed = typed.substr(typed.rfind('|') + 1);  // "show vrrp |inc"
  std::vector<std::string> result;
  for (const cli::Candidate& candidate : candidates_for(line)) {
    if (candidate.keyword) {
      result.push_back(candidate.text);
    } else if (!candidate.completer.empty()) {
      for (std::string& value : daemons_.complete(candidate.completer)) {
        if (value.starts_with(typed)) {
          result.push_back(std::move(value));
        }
      }
    }
  }
  return result;
}

}  // namespace tandem::vtysh
