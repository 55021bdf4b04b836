// SPDX-License-Identifier: Apache-2.0
// Finds the nodes of an instance path. Our own code (lib/cli/data_path.h) reads the path and follows it step by step.
// libyang only gets names of nodes that the model has, and single values to store. Private to this folder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/yang/handles.h"
#include "lib/yang/problem.h"

namespace tandem::yang {

// New nodes for the steps of a path, in no tree: to compare with those of a tree, or to become part of it. Their
// creation proves that the model has the path and accepts its keys and value.
struct NamedNodes {
  DataHandle owner = nullptr;         // of all these nodes
  std::vector<lyd_node*> nodes = {};  // outermost first
  const lysc_node* leaf = nullptr;    // the last step, if it is a leaf without a value
};

enum class LastLeaf { with_value, without_value };  // whether the path ends with a value, if its last node is a leaf

// `above`: the path begins below this node; nullptr: at the root. On failure the problem's path is the invalid part of
// `path`.
base::Result<NamedNodes, Problem> name_nodes(const ly_ctx* modules, const lyd_node* above, std::string_view path,
                                             LastLeaf ending, const std::string& value);

// The sibling with the identity (name and keys) of `like`, or nullptr.
lyd_node* counterpart(lyd_node* siblings, const lyd_node* like);

// The node that a path names below `above` or, if that is nullptr, in the tree that begins with `first`; nullptr: none
// exists. Fails if the model has no such path.
base::Result<lyd_node*, Problem> find_node(const ly_ctx* modules, lyd_node* first, lyd_node* above,
                                           std::string_view path);

}  // namespace tandem::yang
