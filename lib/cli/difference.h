// SPDX-License-Identifier: Apache-2.0
// What distinguishes two configurations: as edits that lead from one to the other, and as lines for a reader. And what
// two sets of edits, made from the same configuration by two people, do to the same thing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/config_commands.h"
#include "lib/cli/schema.h"

namespace tandem::cli {

// The edits that make `after` of `before`: two instances of the root of one schema, in canonical order and without
// defaults. An entry or container that is gone is removed by one edit, except for containers that are there because
// something is in them.
std::vector<Edit> difference(const DataNode& before, const DataNode& after);

// The same for a reader: two texts as `commands` print them, compared line by line. Each line of the result begins with
// '-', '+' or a blank and then is a line of one of the texts; the lines that open and close the blocks around a change
// are its context. Where another line opens the block of the same object ("interface eth1 vrf blue"), that line has
// changed, and not the whole block. Empty if the texts say the same.
std::string unified_diff(const ConfigCommands& commands, std::string_view before, std::string_view after);

// Two edits that cannot both have their way: different values for one node, or one removes what the other changes.
struct Conflict {
  Edit mine;
  Edit theirs;
};
std::vector<Conflict> conflicts(const std::vector<Edit>& mine, const std::vector<Edit>& theirs);

}  // namespace tandem::cli
