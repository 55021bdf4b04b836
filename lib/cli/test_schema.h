// SPDX-License-Identifier: Apache-2.0
// A schema that mirrors the one of the VRRP daemon, and a tree that applies edits, for the tests of the configuration
// commands.
#pragma once

#include <string>
#include <vector>

#include "lib/cli/schema.h"

namespace tandem::cli {

Schema test_schema();

// An instance of the schema's root without children.
DataNode empty_tree(const Schema& schema);

// Applies edits as lib/yang does: setting creates the parents, removing an absent node is no error. Returns false for a
// path that the schema does not have.
bool apply(DataNode& root, const Edit& edit);

// The content of the tree, one line per value or entry, sorted: equal configurations have equal dumps. Values equal to
// their default and empty modes are omitted.
std::string dump(const DataNode& root);

}  // namespace tandem::cli
