// SPDX-License-Identifier: Apache-2.0
// Finds duplicate entries in JSON instance data. libyang finds them too, but all entries of one key have one hash, and
// its table then takes quadratic time: minutes for a file of the largest size. PURE; private to this folder.
#pragma once

#include <optional>
#include <string_view>

#include "lib/cli/schema.h"
#include "lib/yang/problem.h"

namespace tandem::yang {

// The first list entry, leaf-list entry or member that occurs twice. nullopt: none does, or the text is not JSON, which
// libyang's parser reports better.
std::optional<Problem> find_duplicate(const cli::Schema& schema, std::string_view json);

}  // namespace tandem::yang
