// SPDX-License-Identifier: Apache-2.0
// Makes a tree canonical and checks it against the model. Private to this folder.
#pragma once

#include "lib/yang/handles.h"
#include "lib/yang/problem.h"

namespace tandem::yang {

// Removes values that equal the model's default, and entries with a mode of their own that hold only their keys.
void normalise(DataHandle& tree);

// All problems up to a limit, each once. libyang stops at the first, so the function removes the wrong node from a copy
// and repeats until the rest is valid. Adds default nodes to the tree.
std::vector<Problem> validate_all(DataHandle& tree, const ly_ctx* context);

}  // namespace tandem::yang
