// SPDX-License-Identifier: Apache-2.0
// The lines for `list permutations`: every way to write a command.
#pragma once

#include <string>
#include <vector>

#include "lib/cli/grammar.h"

namespace tandem::cli {

// Choices and options written out, in the order of the syntax. Of words in any order, each selection in the order of
// the syntax: all orders would be thousands (`debug vrrp` has 109 600).
std::vector<std::string> permutations(const Element& syntax);

}  // namespace tandem::cli
