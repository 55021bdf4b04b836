// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/match.h"

#include <algorithm>
#include <map>
#include <set>

#include "lib/base/limits.h"
#include "lib/cli/walk.h"

namespace tandem::cli {
namespace {

constexpr std::size_t kMaxExpected = 8;  // more would not help to find a typing error
constexpr std::size_t kMaxCandidates = 16;
constexpr std::size_t kResemblance = 2;  // letters at the beginning of two words
constexpr std::size_t kLineWidth = 80;   // of a terminal
constexpr std::string_view kEndOfLine = "end of line";

std::string_view trim_end(std::string_view line) {
  while (!line.empty() && is_blank(line.back())) {
    line.remove_suffix(1);
  }
  return line;
}

// The text of a step: the keyword in full, the value as typed.
std::string text_of(const Step& step, const Word& word, std::string_view line) {
  switch (step.token->kind) {
    case TokenKind::keyword:
      return step.token->text;
    case TokenKind::line: {
      std::string text(trim_end(line.substr(word.offset)));
      std::ranges::replace(text, '\t', ' ');
      return text;
    }
    case TokenKind::number:
    case TokenKind::ipv4:
    case TokenKind::ipv4_prefix:
    case TokenKind::ipv6:
    case TokenKind::ipv6_prefix:
    case TokenKind::word:
      return std::string(word.text);
  }
  return {};
}

// One complete command that a line can mean.
struct Reading {
  const Command* command;
  Path path;
};

std::string canonical_text(const Path& path, const std::vector<Word>& words, std::string_view line) {
  std::string text;
  for (std::size_t i = 0; i < path.steps.size(); ++i) {
    text += (i == 0 ? "" : " ") + text_of(path.steps[i], words[i], line);
  }
  return text;
}

// Hidden commands have no effect here (cli:ignored) or are undocumented. A visible command that fits as well has
// precedence.
std::weak_ordering compare_readings(const Reading& one, const Reading& other) {
  const auto order = compare(one.path, other.path);
  return order != 0 ? order : one.command->hidden <=> other.command->hidden;
}

std::vector<Reading> best_readings(const Grammar& grammar, std::string_view mode, const std::vector<Word>& words) {
  std::vector<Reading> best;
  Walk walk(words, nullptr);
  for (const Command& command : grammar.commands) {
    if (command.mode != mode || !may_match(command.syntax, words)) {
      continue;
    }
    for (Path& path : walk.run(command.syntax)) {
      Reading reading{&command, std::move(path)};
      const auto order = best.empty() ? std::weak_ordering::equivalent : compare_readings(reading, best.front());
      if (order < 0) {
        best.clear();
      }
      if (order <= 0) {
        best.push_back(std::move(reading));
      }
    }
  }
  return best;
}

// The competing commands as `list` prints them; if one command has two readings, both readings.
std::vector<std::string> competing(const std::vector<Reading>& readings, const std::vector<Word>& words,
                                   std::string_view line) {
  std::set<std::string> texts;
  for (const Reading& reading : readings) {
    texts.insert(to_string(reading.command->syntax));
  }
  if (texts.size() == 1) {
    texts.clear();
    for (const Reading& reading : readings) {
      texts.insert(canonical_text(reading.path, words, line));
    }
  }
  return {texts.begin(), texts.end()};
}

std::size_t common_prefix(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

// Shortens a long list to the words that resemble the wrong word or its beginning. One common letter is no resemblance:
// "show cpu" is not a mistyped "show configuration".
std::vector<std::string> shorten(std::vector<std::string> expected, std::string_view word) {
  if (expected.size() <= kMaxExpected) {
    return expected;
  }
  std::size_t longest = 0;
  for (const std::string& text : expected) {
    longest = std::max(longest, common_prefix(text, word));
  }
  if (longest >= kResemblance || (longest > 0 && word.size() <= kResemblance)) {
    std::erase_if(expected, [&](const std::string& text) { return common_prefix(text, word) < longest; });
  }
  if (expected.size() > kMaxExpected) {
    expected.resize(kMaxExpected);
    expected.emplace_back("...");
  }
  return expected;
}

std::vector<std::string> expected_texts(const std::vector<Expectation>& expectations, std::string_view word) {
  std::map<std::string, std::set<std::string>> values;  // token → values that may follow it directly
  for (const Expectation& expectation : expectations) {
    const std::string token = expectation.token == nullptr ? std::string(kEndOfLine) : expectation.token->text;
    const bool takes_value = expectation.value != nullptr && expectation.token->kind == TokenKind::keyword;
    values[token].insert(takes_value ? " " + expectation.value->text : "");
  }
  std::vector<std::string> texts;
  for (const auto& [token, following] : values) {
    texts.push_back(following.size() == 1 ? token + *following.begin() : token);
  }
  return shorten(std::move(texts), word);
}

// The reason why no command accepts the line. Repeats the walk with records of what was expected: errors are rare.
Match explain(const Grammar& grammar, std::string_view mode, const std::vector<Word>& words, std::string_view line) {
  Frontier frontier;
  Walk walk(words, &frontier);
  for (const Command& command : grammar.commands) {
    if (command.mode == mode && !command.hidden) {
      walk.run(command.syntax);
    }
  }
  Match result;
  const bool at_end = frontier.word() == words.size();
  result.status = at_end ? MatchStatus::incomplete : MatchStatus::unknown;
  if (at_end) {
    const std::size_t size = trim_end(line).size();
    result.error_offset = words.empty() ? 0 : size + 1;
  } else {
    result.error_offset = words[frontier.word()].offset;
  }
  result.value_expected = std::ranges::any_of(frontier.best(), [](const Expectation& expectation) {
    return expectation.token != nullptr && expectation.token->kind != TokenKind::keyword;
  });
  result.expected = expected_texts(frontier.best(), at_end ? std::string_view() : words[frontier.word()].text);
  return result;
}

// Control characters must not reach the terminal in an error message.
std::string echo(std::string_view line) {
  std::string text(line);
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return text;
}

// Columns that the first `offset` bytes of the line take, one for each UTF-8 character.
std::size_t columns(std::string_view line, std::size_t offset) {
  const auto is_start = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  const std::size_t within = std::min(offset, line.size());
  return static_cast<std::size_t>(std::ranges::count_if(line.substr(0, within), is_start)) + (offset - within);
}

// With line breaks, to fit a terminal.
std::string expected_line(const std::vector<std::string>& expected) {
  constexpr std::string_view kLabel = "\nexpected: ";
  std::string text(kLabel);
  std::size_t column = kLabel.size() - 1;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const std::string item = expected[i] + (i + 1 < expected.size() ? "," : "");
    if (i > 0 && column + 1 + item.size() > kLineWidth) {
      column = kLabel.size() - 1;
      text += "\n" + std::string(column, ' ');
    } else if (i > 0) {
      text += ' ';
      ++column;
    }
    text += item;
    column += item.size();
  }
  return text;
}

std::string length_message(std::string_view line) {
  return fmt::format("Line too long: {} bytes, at most {} are accepted", line.size(), base::kMaxLineLength);
}

std::string with_caret(std::string_view problem, const Match& match, std::string_view line) {
  const std::string text =
      fmt::format("{}{}\n{:>{}}", problem, echo(line), '^', problem.size() + columns(line, match.error_offset) + 1);
  return match.expected.empty() ? text : text + expected_line(match.expected);
}

}  // namespace

const std::string* Bindings::find(std::string_view name) const {
  const auto it = std::ranges::find(all_, name, &Binding::name);
  return it == all_.end() ? nullptr : &it->value;
}

Match match(const Grammar& grammar, std::string_view mode, std::string_view line) {
  if (line.size() > base::kMaxLineLength) {
    Match too_long;
    too_long.error_offset = base::kMaxLineLength;
    return too_long;
  }
  const std::vector<Word> words = split_words(line);
  const std::vector<Reading> readings = best_readings(grammar, mode, words);
  if (readings.empty()) {
    return explain(grammar, mode, words, line);
  }
  Match result;
  if (readings.size() > 1) {
    // Not ambiguous: the same command of two daemons, or two readings of one command with the same spelling.
    result.candidates = competing(readings, words, line);
    if (result.candidates.size() > 1) {
      result.status = MatchStatus::ambiguous;
      return result;
    }
    result.candidates.clear();
  }
  result.status = MatchStatus::matched;
  result.command = readings.front().command;
  const Path& path = readings.front().path;
  result.canonical = canonical_text(path, words, line);
  for (std::size_t i = 0; i < path.steps.size(); ++i) {
    if (!path.steps[i].token->name.empty()) {
      result.bindings.add(path.steps[i].token->name, text_of(path.steps[i], words[i], line));
    }
  }
  return result;
}

std::string error_text(const Match& match, std::string_view line) {
  if (line.size() > base::kMaxLineLength) {
    return "% " + length_message(line);
  }
  switch (match.status) {
    case MatchStatus::matched:
      return {};
    case MatchStatus::unknown:
      return with_caret("% Unknown command: ", match, line);
    case MatchStatus::incomplete:
      return with_caret("% Command incomplete: ", match, line);
    case MatchStatus::ambiguous: {
      std::string text = "% Ambiguous command: " + echo(line) + "\ncandidates:";
      for (std::size_t i = 0; i < match.candidates.size() && i < kMaxCandidates; ++i) {
        text += "\n    " + match.candidates[i];
      }
      return text + (match.candidates.size() > kMaxCandidates ? "\n    ..." : "");
    }
  }
  return {};
}

std::string error_line(const Match& match, std::string_view line) {
  if (line.size() > base::kMaxLineLength) {
    return length_message(line);
  }
  const std::string shown = echo(trim_end(line));
  const std::string expected = fmt::format("{}", fmt::join(match.expected, ", "));
  switch (match.status) {
    case MatchStatus::matched:
      return {};
    case MatchStatus::unknown: {
      const std::string_view rest = std::string_view(shown).substr(std::min(match.error_offset, shown.size()));
      return expected.empty() ? "Unknown command: " + shown
                              : fmt::format("Unknown command: {} (at '{}', expected: {})", shown,
                                            rest.substr(0, rest.find(' ')), expected);
    }
    case MatchStatus::incomplete:
      return fmt::format("Command incomplete: {} (expected: {})", shown, expected);
    case MatchStatus::ambiguous:
      return fmt::format("Ambiguous command: {} (could be: {})", shown, fmt::join(match.candidates, "; "));
  }
  return {};
}

}  // namespace tandem::cli
