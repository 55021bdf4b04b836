// SPDX-License-Identifier: Apache-2.0
// `-m`: a configuration file with the ends of its blocks made explicit, for tools that compare files by context
// (frr-reload).
#pragma once

#include <string>
#include <string_view>

#include "lib/cli/grammar.h"

namespace tandem::vtysh {

// The lines as they are, an "exit" before each line that only an enclosing mode understands, and "end" at the end.
// Lines that no mode understands stay where they are.
std::string mark_file(const cli::Grammar& grammar, std::string_view text);

}  // namespace tandem::vtysh
