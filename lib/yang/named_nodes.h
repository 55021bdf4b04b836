// SPDX-License-Identifier: Apache-2.0
// From an instance path to nodes. The path is read by our own code (lib/cli/data_path.h) and followed step by step;
// libyang gets the names of nodes that the model has, and single values to store. Private to this folder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/yang/handles.h"
#include "lib/yang/problem.h"

namespace tandem::yang {

// The nodes that a path names, made anew and apart from any tree: what they are compared with, or become part of it.
// That they could be made says that the model takes the path, its keys and the value.
struct NamedNodes {
  DataHandle owner = nullptr;         // of all of them
  std::vector<lyd_node*> nodes = {};  // outermost first
  const lysc_node* leaf = nullptr;    // the last step, if it is a leaf without a value
};

enum class LastLeaf { with_value, without_value };  // what the path ends with, if that is a leaf

// `above`: the node that the path begins below; nullptr: the root. On failure the problem's path is the part of `path`
// that cannot be.
base::Result<NamedNodes, Problem> name_nodes(const ly_ctx* modules, const lyd_node* above, std::string_view path,
                                             LastLeaf ending, const std::string& value);

// The node among the siblings that `like` is an image of, or nullptr.
lyd_node* counterpart(lyd_node* siblings, const lyd_node* like);

// The node that a path names below `above` or, without one, in the tree that begins with `first`; nullptr: there is
// none, or the model has no such path.
base::Result<lyd_node*, Problem> find_node(const ly_ctx* modules, lyd_node* first, lyd_node* above,
                                           std::string_view path);

}  // namespace tandem::yang
