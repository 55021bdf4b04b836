// SPDX-License-Identifier: Apache-2.0
// Instance data: copies, canonical order, and the plain values for lib/cli. Private to this folder.
#pragma once

#include "lib/yang/handles.h"

namespace tandem::yang {

enum class Defaults { included, left_out };

// The tree as plain values. Entries of lists and leaf-lists are in canonical order: numbers by value, addresses as
// unsigned numbers, enumerations in the order of the model, everything else by bytes; several keys one after the other.
cli::DataNode data_of(const lyd_node* siblings, const cli::Schema& schema, Defaults defaults);

DataHandle duplicate(const lyd_node* siblings);
DataHandle sorted_copy(const lyd_node* siblings);  // the entries in canonical order

// Removes the nodes that validation added, in `siblings` and below.
void strip_defaults(DataHandle& tree, lyd_node* siblings);

// Removes one node, at any place of the tree, and frees it.
void release_node(DataHandle& tree, lyd_node* node);

}  // namespace tandem::yang
