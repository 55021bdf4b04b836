// SPDX-License-Identifier: Apache-2.0
// Matching of a typed line against a grammar. Keywords may be abbreviated to a unique prefix; only commands that the
// whole line satisfies compete (`vrrp 5 p` is `vrrp 5 preempt`, FRR's habit); an exact keyword beats a prefix, a
// keyword beats a variable.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/grammar.h"
#include "lib/cli/words.h"

namespace tandem::cli {

struct Binding {
  std::string name;
  std::string value;
  bool operator==(const Binding&) const = default;
};

class Bindings {
 public:
  void add(std::string name, std::string value) { all_.push_back({std::move(name), std::move(value)}); }
  const std::string* find(std::string_view name) const;  // the first, or nullptr
  bool has(std::string_view name) const { return find(name) != nullptr; }
  const std::vector<Binding>& all() const { return all_; }
  std::vector<Binding>& all() { return all_; }

 private:
  std::vector<Binding> all_;
};

enum class MatchStatus { matched, unknown, incomplete, ambiguous };

struct Match {
  MatchStatus status = MatchStatus::unknown;
  const Command* command = nullptr;     // matched
  Bindings bindings;                    // matched
  std::string canonical;                // matched: the line with keywords written out, single blanks
  std::size_t error_offset = 0;         // unknown: the first word no command accepts; incomplete: after the end
  bool value_expected = false;          // unknown: a number or address could stand there
  std::vector<std::string> expected;    // unknown, incomplete: what could stand there: "priority (1-254)", "json"
  std::vector<std::string> candidates;  // ambiguous: the commands that compete, as `list` prints them
};

// Blank lines and comments (`!`, `#`) are the caller's business.
Match match(const Grammar& grammar, std::string_view mode, std::string_view line);

// The text of an error: "% Unknown command: LINE", a caret under the token, "expected: …" (cli.md §5). No trailing
// newline.
std::string error_text(const Match& match, std::string_view line);

// The same on one line, for files: "Unknown command: LINE (at '255', expected: (1-254))".
std::string error_line(const Match& match, std::string_view line);

}  // namespace tandem::cli
