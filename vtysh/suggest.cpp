// SPDX-License-Identifier: Apache-2.0
#include "vtysh/suggest.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "lib/cli/config_commands.h"
#include "lib/cli/document.h"
#include "lib/cli/match.h"
#include "vtysh/commands.h"
#include "vtysh/filters.h"

namespace tandem::vtysh {
namespace {

// The mode and text for matching an incomplete line: `do show` in a configuration mode is `show` in enable mode.
struct Position {
  std::vector<std::string> modes;
  std::string_view line;
};

bool configures(const std::string& mode) { return mode != kViewMode && mode != kEnableMode; }

Position position_of(const std::vector<std::string>& modes, std::string_view line) {
  if (const auto words = cli::split_words(line);
      configures(modes.front()) && !words.empty() && words.front().text == "do") {
    const std::size_t after = words.front().offset + words.front().text.size();
    if (after < line.size()) {
      return {{std::string(kEnableMode)}, line.substr(after + 1)};
    }
  }
  return {modes, line};
}

// In a configuration mode a bar is text, unless an operational command precedes it.
bool is_piped(const cli::Grammar& grammar, const Position& position, std::size_t bar) {
  return std::ranges::any_of(position.modes, [&](const std::string& mode) {
    if (!configures(mode)) {
      return true;
    }
    const cli::Match match = cli::match(grammar, mode, position.line.substr(0, bar));
    return match.status == cli::MatchStatus::matched && match.command->kind != cli::CommandKind::configuration;
  });
}

// The column of the help in a line of the table, or of its only column.
std::size_t help_column(std::string_view line) {
  const std::size_t first = line.find_first_not_of(' ');
  const std::size_t gap = first == std::string_view::npos ? first : line.find("  ", first);
  const std::size_t help = gap == std::string_view::npos ? gap : line.find_first_not_of(' ', gap);
  return help != std::string_view::npos ? help : first == std::string_view::npos ? 0 : first;
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

std::vector<cli::Candidate> suggest(const cli::Grammar& grammar, const std::vector<std::string>& modes,
                                    std::string_view line) {
  const Position position = position_of(modes, line);
  if (const std::size_t bar = position.line.rfind('|');
      bar != std::string_view::npos && is_piped(grammar, position, position.line.find('|'))) {
    return filter_candidates(position.line.substr(bar + 1));
  }
  for (const std::string& mode : position.modes) {
    if (auto found = cli::candidates(grammar, mode, position.line); !found.empty()) {
      return found;
    }
  }
  return {};
}

std::optional<Elsewhere> find_elsewhere(const cli::Grammar& grammar, const std::vector<std::string>& modes,
                                        std::string_view line) {
  const auto understands = [&](const std::string& mode) {
    return std::ranges::find(modes, mode) == modes.end() &&
           cli::match(grammar, mode, line).status == cli::MatchStatus::matched;
  };
  if (understands(std::string(kEnableMode))) {
    return Elsewhere{std::string(kEnableMode), {}};
  }
  Elsewhere found{std::string(cli::kConfigMode), {}};
  if (!configures(modes.front())) {
    found.way.emplace_back("configure terminal");
  }
  if (understands(found.mode)) {
    return found;
  }
  for (const cli::Command& command : grammar.commands) {
    if (!command.enters_mode.empty() && understands(command.enters_mode)) {
      found.mode = command.enters_mode;
      found.way.push_back(cli::example_line(command.syntax, [](const cli::Token& token) { return token.text; }));
      return found;
    }
  }
  return std::nullopt;
}

std::string help_text(const std::vector<cli::Candidate>& candidates, const LiveValues& values) {
  if (candidates.empty()) {
    return "% There is no matched command.\n";
  }
  std::string result;
  const std::string table = cli::help_table(candidates);  // one line for each
  std::size_t begin = 0;
  for (const cli::Candidate& candidate : candidates) {
    const std::size_t end = std::min(table.find('\n', begin), table.size());
    result += table.substr(begin, end - begin) + "\n";
    begin = end + 1;
    if (!candidate.completer.empty()) {
      const auto now = values(candidate.completer);
      result += now.empty() ? "" : fmt::format("     {}\n", fmt::join(now, " "));
    }
  }
  return result;
}

std::string fold(std::string_view text, std::size_t columns) {
  std::string folded;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    std::string_view line = text.substr(0, end + 1);
    text.remove_prefix(line.size());
    const std::string indent(help_column(line), ' ');
    std::string rest(line);
    while (rest.size() > columns + 1) {
      const std::size_t blank = rest.rfind(' ', columns);
      if (blank == std::string::npos || blank <= indent.size()) {
        break;  // no place for a break: the terminal breaks the line
      }
      folded.append(rest, 0, blank).append("\n");
      rest.replace(0, blank + 1, indent);
    }
    folded += rest;
  }
  return folded;
}

std::vector<std::string> completion_words(const std::vector<cli::Candidate>& candidates, std::string_view line,
                                          const LiveValues& values) {
  const auto words = cli::split_words(line);
  const bool in_word = !words.empty() && !line.ends_with(' ') && !line.ends_with('\t');
  std::string_view typed = in_word ? words.back().text : std::string_view();
  typed = typed.substr(typed.rfind('|') + 1);  // "show vrrp |inc"
  std::vector<std::string> result;
  for (const cli::Candidate& candidate : candidates) {
    if (candidate.keyword) {
      result.push_back(candidate.text);
    } else if (!candidate.completer.empty()) {
      for (std::string& value : values(candidate.completer)) {
        if (value.starts_with(typed)) {
          result.push_back(std::move(value));
        }
      }
    }
  }
  return result;
}

}  // namespace tandem::vtysh
