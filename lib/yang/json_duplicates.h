// SPDX-License-Identifier: Apache-2.0
// Entries that JSON instance data gives twice. libyang finds them, too, but all of one key have one hash, and its table
// then takes the square of their number: minutes for a file that the limit of its size allows. PURE; private to this
// folder.
#pragma once

#include <optional>
#include <string_view>

#include "lib/cli/schema.h"
#include "lib/yang/problem.h"

namespace tandem::yang {

// The first list entry, leaf-list entry or member that is there twice. Nothing: there is none, or the text is no JSON,
// which its parser says better.
std::optional<Problem> find_duplicate(const cli::Schema& schema, std::string_view json);

}  // namespace tandem::yang
