// SPDX-License-Identifier: Apache-2.0
// libyang's errors of a failed call, as values. Private to this folder.
#pragma once

#include <libyang/libyang.h>

#include <string>
#include <vector>

#include "lib/yang/problem.h"

namespace tandem::yang {

// Removes and returns the errors that the context has stored since the last call, in the order in which they happened.
std::vector<Problem> take_problems(const ly_ctx* context);

// The same as one text, for failures that no operator's input causes.
std::string take_text(const ly_ctx* context);

}  // namespace tandem::yang
