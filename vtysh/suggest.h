// SPDX-License-Identifier: Apache-2.0
// Help and completion of an incomplete line, for `?` and TAB. Handles `do` and `|`, which the shell interprets itself.
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

// The mode with a command that none of `modes` has, and the commands that enter it.
struct Elsewhere {
  std::string mode;
  std::vector<std::string> way;  // "configure terminal", "interface IFNAME"; empty for enable mode
};
std::optional<Elsewhere> find_elsewhere(const cli::Grammar& grammar, const std::vector<std::string>& modes,
                                        std::string_view line);

// The current values of a variable, by its source ("interface").
using LiveValues = std::function<std::vector<std::string>(const std::string& source)>;

// The table for `?`, with values below their variable.
std::string help_text(const std::vector<cli::Candidate>& candidates, const LiveValues& values);

// Wraps the text to `columns`; continuation lines are indented.
std::string fold(std::string_view text, std::size_t columns);

// The completions of the last word of `line`.
std::vector<std::string> completion_words(const std::vector<cli::Candidate>& candidates, std::string_view line,
                                          const LiveValues& values);

}  // namespace tandem::vtysh
