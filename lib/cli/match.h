// SPDX-License-Identifier: Apache-2.0
// Matches a typed line against a grammar. Keywords may be abbreviated to a unique prefix. Only commands that the whole
// line satisfies compete (`vrrp 5 p` is `vrrp 5 preempt`, as in FRR). An exact keyword has precedence over a prefix, a
// keyword over a variable.
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
  std::size_t error_offset = 0;         // unknown: the first word that no command accepts; incomplete: after the end
  bool value_expected = false;          // unknown: the place accepts a number or address
  std::vector<std::string> expected;    // unknown, incomplete: possible words at that place: "priority (1-254)", "json"
  std::vector<std::string> candidates;  // ambiguous: the commands that compete, as `list` prints them
};

// Precondition: the line is not blank and not a comment (`!`, `#`).
Match match(const Grammar& grammar, std::string_view mode, std::string_view line);

// The text of an error: "% Unknown command: LINE", a caret under the token, "expected: …". No trailing newline.
std::string error_text(const Match& match, std::string_view line);

// The same on one line, for files: "Unknown command: LINE (at '255', expected: (1-254))".
std::string error_line(const Match& match, std::string_view line);

}  // namespace tandem::cli
