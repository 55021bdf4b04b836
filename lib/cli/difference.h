// SPDX-License-Identifier: Apache-2.0
// The difference of two configurations: as edits that lead from one to the other, and as lines for a reader. Also the
// conflicts between two sets of edits that two users made from the same configuration.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/config_commands.h"
#include "lib/cli/schema.h"

namespace tandem::cli {

// The edits that change `before` into `after`: two instances of the root of one schema, in canonical order and without
// defaults. One edit removes a missing entry or container, except for containers that exist only while they have
// children.
std::vector<Edit> difference(const DataNode& before, const DataNode& after);

// The difference of two texts as `commands` prints them, line by line. Each line of the result begins with '-', '+' or
// a blank, followed by a line of one of the texts. The lines that open and close the blocks around a change are its
// context. If another line opens the block of the same object ("interface eth1 vrf blue"), only that line counts as
// changed. Empty if the configurations are equal.
std::string unified_diff(const ConfigCommands& commands, std::string_view before, std::string_view after);

// Two edits that exclude each other: different values for one node, or one removes the object of the other.
struct Conflict {
  Edit mine;
  Edit theirs;
};
std::vector<Conflict> conflicts(const std::vector<Edit>& mine, const std::vector<Edit>& theirs);

}  // namespace tandem::cli
