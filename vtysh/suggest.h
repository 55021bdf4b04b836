// SPDX-License-Identifier: Apache-2.0
// What may follow a half-typed line: for `?` and TAB. `do` and `|` are the shell's own and are understood here.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/complete.h"
#include "lib/cli/grammar.h"

namespace tandem::vtysh {

// `modes`: the mode of the session, then those that enclose it.
std::vector<cli::Candidate> suggest(const cli::Grammar& grammar, const std::vector<std::string>& modes,
                                    std::string_view line);

// Where a line belongs that none of `modes` understands: in which mode, and the commands that lead there.
struct Elsewhere {
  std::string mode;
  std::vector<std::string> way;  // "configure terminal", "interface IFNAME"; empty for enable mode
};
std::optional<Elsewhere> find_elsewhere(const cli::Grammar& grammar, const std::vector<std::string>& modes,
                                        std::string_view line);

// The values that a variable may have just now, by its source ("interface").
using LiveValues = std::function<std::vector<std::string>(const std::string& source)>;

// The table that `?` prints, values below their variable.
std::string help_text(const std::vector<cli::Candidate>& candidates, const LiveValues& values);

// The same for a terminal of so many columns: what is longer goes on below, indented.
std::string fold(std::string_view text, std::size_t columns);

// What the last word of `line` may become.
std::vector<std::string> completion_words(const std::vector<cli::Candidate>& candidates, std::string_view line,
                                          const LiveValues& values);

}  // namespace tandem::vtysh
