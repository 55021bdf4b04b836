// SPDX-License-Identifier: Apache-2.0
// Interpretation of a line: the mode that accepts it, its command and its filters. Pure functions of values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/cli/grammar.h"
#include "lib/cli/match.h"
#include "vtysh/commands.h"
#include "vtysh/filters.h"

namespace tandem::vtysh {

struct Interpretation {
  std::string mode;  // the mode that accepts the line
  cli::Match match;
  OwnCommand own = OwnCommand::none;
};

// `modes`, here and below: the mode of the session, then the enclosing ones. Returns the first mode that accepts the
// line, or else the first one whose error is more helpful than "unknown".
Interpretation interpret(const cli::Grammar& grammar, const std::vector<std::string>& modes, std::string_view line);

// Separates command and filters. In a configuration mode only an operational command has filters; any other bar is
// text, or part of an unknown command. If a daemon's command ends in an expression, which may contain bars ("/a | /b"),
// the last bars are filters if a known action follows them. Errors begin with "% ".
base::Result<Pipeline> parse_line(const cli::Grammar& grammar, const std::vector<std::string>& modes,
                                  std::string_view line);

// Whether a bar or a question mark at the end of the line belongs to its text: "description a|b", "find ^(a|b)".
bool takes_text(const cli::Match& match);

bool is_configuration_mode(std::string_view mode);

std::string_view without_trailing_blanks(std::string_view line);

}  // namespace tandem::vtysh
