// SPDX-License-Identifier: Apache-2.0
// What `list permutations` prints: every way to write a command.
#pragma once

#include <string>
#include <vector>

#include "lib/cli/grammar.h"

namespace tandem::cli {

// Choices and options spelled out, in the order of the syntax. Of words that may stand in any order, each selection in
// the order of the syntax: the orders themselves would be thousands (`debug vrrp` has 109 600).
std::vector<std::string> permutations(const Element& syntax);

}  // namespace tandem::cli
