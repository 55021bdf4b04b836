// SPDX-License-Identifier: Apache-2.0
// What can stand at the end of a half-typed line: for `?` and TAB.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/grammar.h"

namespace tandem::cli {

struct Candidate {
  std::string text;  // keyword, or how a variable is shown: "(1-255)"; "<cr>" if the line is complete
  std::string help;
  std::string completer;  // of a variable: where live values come from
  bool keyword = false;

  auto operator<=>(const Candidate&) const = default;
};

// `line` up to the cursor. If it ends in a blank (or is empty), what may follow; else what the last word may become.
// Sorted as FRR's `?`: "<cr>" first, then by text. Empty: no command begins so.
std::vector<Candidate> candidates(const Grammar& grammar, std::string_view mode, std::string_view line);

// The table that `?` prints: two blanks, text padded to the widest, two blanks, help.
std::string help_table(const std::vector<Candidate>& candidates);

}  // namespace tandem::cli
