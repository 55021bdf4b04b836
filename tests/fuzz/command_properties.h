// SPDX-License-Identifier: Apache-2.0
// Properties of matching and completion that must hold for all grammars and lines.
#pragma once

#include <algorithm>
#include <string>

#include "lib/cli/complete.h"
#include "lib/cli/match.h"
#include "tests/fuzz/fuzz.h"

namespace tandem::fuzz {

inline bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

inline void check_error_texts(const cli::Match& match, std::string_view line) {
  const bool matched = match.status == cli::MatchStatus::matched;
  const std::string text = cli::error_text(match, line);
  const std::string one_line = cli::error_line(match, line);
  require(text.empty() == matched && one_line.empty() == matched, "an error text if and only if there is an error",
          line);
  require(std::ranges::none_of(text, [](char c) { return c != '\n' && is_control(c); }),
          "no control characters reach a terminal", line);
  require(std::ranges::none_of(one_line, is_control), "error_line() is one line", line);
}

// `line` matched: its canonical form must match as the same command with the same values.
inline void check_canonical(const cli::Grammar& grammar, std::string_view mode, const cli::Match& match,
                            std::string_view line) {
  const cli::Match again = cli::match(grammar, mode, match.canonical);
  require(again.status == cli::MatchStatus::matched, "the canonical form matches", line);
  require(again.command == match.command, "the canonical form is the same command", line);
  require(again.canonical == match.canonical && again.bindings.all() == match.bindings.all(),
          "the canonical form is canonical", line);
}

// The user can type each completion: the completed word is never the word that matching refuses.
inline void check_offers(const cli::Grammar& grammar, std::string_view mode, std::string_view line) {
  const bool begun =
      !line.empty() && line.back() != ' ' && line.back() != '\t' && line.back() != '\n' && line.back() != '\r';
  const std::vector<cli::Word> words = cli::split_words(line);
  const std::string_view before = begun ? line.substr(0, words.back().offset) : line;
  for (const cli::Candidate& offer : cli::candidates(grammar, mode, line)) {
    if (!offer.keyword) {
      continue;
    }
    require(!begun || offer.text.starts_with(words.back().text), "an offer continues what was typed", line);
    const std::string typed = std::string(before) + offer.text;
    const cli::Match match = cli::match(grammar, mode, typed);
    require(match.status != cli::MatchStatus::unknown || match.error_offset >= typed.size() || typed.size() > 4096,
            "what completion offers can be matched", typed);
  }
}

inline void check_line(const cli::Grammar& grammar, std::string_view mode, std::string_view line) {
  const cli::Match match = cli::match(grammar, mode, line);
  check_error_texts(match, line);
  check_offers(grammar, mode, line);
  if (match.status != cli::MatchStatus::matched) {
    return;
  }
  check_canonical(grammar, mode, match, line);
  if (!match.command->hidden) {
    const auto offers = cli::candidates(grammar, mode, std::string(line) + " ");
    require(
        std::ranges::any_of(offers, [](const cli::Candidate& c) { return c.text == "<cr>"; }) || line.size() >= 4096,
        "a complete line offers <cr>", line);
  }
}

}  // namespace tandem::fuzz
