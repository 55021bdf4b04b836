// SPDX-License-Identifier: Apache-2.0
// Completion of an incomplete line, for `?` and TAB.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/grammar.h"

namespace tandem::cli {

struct Candidate {
  std::string text;  // keyword, or the text of a variable: "(1-255)"; "<cr>" if the line is complete
  std::string help;
  std::string completer;  // of a variable: the source of its live values
  bool keyword = false;

  auto operator<=>(const Candidate&) const = default;
};

// `line` up to the cursor. If it ends in a blank (or is empty), the words that may follow; otherwise the words that the
// last one may become. Sorted as FRR's `?`: "<cr>" first, then by text. Empty: no command begins with the line.
std::vector<Candidate> candidates(const Grammar& grammar, std::string_view mode, std::string_view line);

// The table for `?`: two blanks, text padded to the widest, two blanks, help.
std::string help_table(const std::vector<Candidate>& candidates);

}  // namespace tandem::cli
