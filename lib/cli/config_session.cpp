// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/config_session.h"

#include "lib/cli/edit_builder.h"

namespace tandem::cli {

std::string_view trim(std::string_view line) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = line.find_first_not_of(kBlanks);
  return begin == std::string_view::npos ? std::string_view()
                                         : line.substr(begin, line.find_last_not_of(kBlanks) - begin + 1);
}

bool is_comment(std::string_view trimmed) {
  return trimmed.empty() || trimmed.front() == '!' || trimmed.front() == '#';
}

std::string text_of(const LineRefusal& refusal, std::string_view line) {
  return refusal.message.empty() ? error_text(refusal.match, line) : "% " + refusal.message;
}

std::string one_line_of(const LineRefusal& refusal, std::string_view line) {
  return refusal.message.empty() ? error_line(refusal.match, line) : refusal.message;
}

ConfigSession::ConfigSession(const CommandTable& table) : table_(table) {
  levels_.push_back({"", std::string(kConfigMode), {}, nullptr});
}

base::Result<std::vector<Edit>, LineRefusal> ConfigSession::run(std::string_view line) {
  LineRefusal refusal;
  for (std::size_t depth = levels_.size(); depth > 0; --depth) {
    Match found = match(table_.grammar, levels_[depth - 1].mode, line);
    if (found.status == MatchStatus::matched) {
      return apply(found, depth);
    }
    const bool innermost = depth == levels_.size();
    if (innermost || found.error_offset > refusal.match.error_offset) {
      refusal.match = std::move(found);  // the error of the mode in which the match went furthest
    }
    if (refusal.match.status == MatchStatus::ambiguous) {
      break;
    }
  }
  return base::Unexpected<LineRefusal>(std::move(refusal));
}

void ConfigSession::exit() {
  if (levels_.size() > 1) {
    levels_.pop_back();
  }
}

Context ConfigSession::context() const {
  Context context;
  for (const Level& level : levels_) {
    if (!level.line.empty()) {
      context.push_back(level.line);
    }
  }
  return context;
}

std::string ConfigSession::object() const {
  const Level& innermost = levels_.back();
  return innermost.node == nullptr ? std::string() : instance_path(*innermost.node, innermost.keys).value_or("");
}

base::Result<std::vector<Edit>, LineRefusal> ConfigSession::apply(const Match& found, std::size_t depth) {
  const Meaning& meaning = table_.meanings[found.command->id];
  if (meaning.node == nullptr) {
    return std::vector<Edit>();  // ignored; the mode stays open
  }
  EditBuilder builder(meaning, levels_[depth - 1].keys);
  auto edits = builder.build(found.bindings);
  if (!edits) {
    return base::Unexpected<LineRefusal>(LineRefusal{{}, edits.error().message});
  }
  levels_.resize(depth);
  if (!found.command->enters_mode.empty()) {
    levels_.push_back({found.canonical, found.command->enters_mode, builder.values(), meaning.node});
  }
  return std::move(*edits);
}

}  // namespace tandem::cli
