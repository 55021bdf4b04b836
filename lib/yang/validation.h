// SPDX-License-Identifier: Apache-2.0
// Making a tree canonical and checking it against the model. Private to this folder.
#pragma once

#include "lib/yang/handles.h"
#include "lib/yang/problem.h"

namespace tandem::yang {

// Drops values that equal the model's default, and entries with a mode of their own that hold nothing but their keys.
void normalise(DataHandle& tree);

// All problems up to a limit, each once; libyang stops at the first, so what is wrong is taken out of a copy until the
// rest is right. Adds default nodes to the tree.
std::vector<Problem> validate_all(DataHandle& tree, const ly_ctx* context);

}  // namespace tandem::yang
