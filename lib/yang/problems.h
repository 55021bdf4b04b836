// SPDX-License-Identifier: Apache-2.0
// What libyang has to say about a failed call, as values. Private to this folder.
#pragma once

#include <libyang/libyang.h>

#include <string>
#include <vector>

#include "lib/yang/problem.h"

namespace tandem::yang {

// The errors that the context has stored since the last call, in the order in which they happened; they are forgotten.
std::vector<Problem> take_problems(const ly_ctx* context);

// The same as one text, for failures that are not an operator's input.
std::string take_text(const ly_ctx* context);

}  // namespace tandem::yang
