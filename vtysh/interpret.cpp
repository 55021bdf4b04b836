// SPDX-License-Identifier: Apache-2.0
#include "vtysh/interpret.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace tandem::vtysh {
namespace {

bool takes_rest_of_line(const cli::Element& syntax) {
  return (syntax.kind == cli::Element::Kind::token && syntax.token.kind == cli::TokenKind::line) ||
         std::ranges::any_of(syntax.children, takes_rest_of_line);
}

// Whether the match is an operational command of a daemon: not `find` and `do` of the shell.
bool takes_expression(const cli::Match& match) {
  return takes_text(match) && match.command->kind == cli::CommandKind::operational &&
         static_cast<OwnCommand>(match.command->id) == OwnCommand::none;
}

}  // namespace

std::string_view without_trailing_blanks(std::string_view line) {
  const std::size_t end = line.find_last_not_of(" \t\r\n");
  return end == std::string_view::npos ? std::string_view() : line.substr(0, end + 1);
}

bool is_configuration_mode(std::string_view mode) { return mode != kViewMode && mode != kEnableMode; }

bool takes_text(const cli::Match& match) {
  return match.status == cli::MatchStatus::matched &&
         (match.command->kind == cli::CommandKind::configuration || takes_rest_of_line(match.command->syntax));
}

Interpretation interpret(const cli::Grammar& grammar, const std::vector<std::string>& modes, std::string_view line) {
  std::optional<Interpretation> best;
  for (const std::string& mode : modes) {
    Interpretation found{mode, cli::match(grammar, mode, line)};
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

base::Result<Pipeline> parse_line(const cli::Grammar& grammar, const std::vector<std::string>& modes,
                                  std::string_view line) {
  const std::size_t bar = line.find('|');
  if (bar == std::string_view::npos) {
    return Pipeline{std::string(line), {}};
  }
  const Interpretation whole = interpret(grammar, modes, line);
  if (takes_expression(whole.match)) {
    return parse_pipeline_of_expression(line);
  }
  const auto is_known = [&](std::string_view command) {
    return interpret(grammar, modes, command).match.status == cli::MatchStatus::matched;
  };
  if (takes_text(whole.match) || (is_configuration_mode(modes.front()) && !is_known(line.substr(0, bar)))) {
    return Pipeline{std::string(line), {}};
  }
  return parse_pipeline(line);
}

}  // namespace tandem::vtysh
