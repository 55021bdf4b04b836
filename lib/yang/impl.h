// SPDX-License-Identifier: Apache-2.0
// What stands behind Context and Tree. Private to this folder.
#pragma once

#include <libyang/libyang.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/yang/context.h"
#include "lib/yang/tree.h"

namespace tandem::yang {

struct ContextDeleter {
  void operator()(ly_ctx* context) const { ly_ctx_destroy(context); }
};
using ContextHandle = std::unique_ptr<ly_ctx, ContextDeleter>;

struct DataDeleter {
  void operator()(lyd_node* node) const { lyd_free_all(node); }
};
using DataHandle = std::unique_ptr<lyd_node, DataDeleter>;  // a tree: its first top-level node

struct Context::Impl {
  ContextHandle handle;
  cli::Schema schema;
};

// The nodes along the path of the last edit: the lines of a file go on where the ones before them were, and finding
// that again from the root is most of what an edit costs. Valid as long as no node is removed.
class Trail {
 public:
  struct Node {
    std::size_t end;  // of its part of the path
    lyd_node* node;
  };

  // The last node above what `path` names; nullptr: none is known. The trail ends there now.
  const Node* follow(std::string_view path);
  // Goes on to `last`, which `path` names, from where follow() ended.
  void extend(std::string_view path, lyd_node* last);

 private:
  std::string path_ = {};
  std::vector<Node> nodes_ = {};  // outermost first
};

struct Tree::Impl {
  const ly_ctx* context;
  const cli::Schema* schema;
  DataHandle data;
  std::optional<cli::DataNode> values = {};  // Tree::data()
  Trail trail = {};

  // Before nodes are removed or exchanged.
  void forget() {
    values.reset();
    trail = {};
  }
};

// The node of the command line's schema that stands for a compiled node, or nullptr (state, keys of nothing).
inline const cli::SchemaNode* schema_of(const lyd_node& node) {
  return node.schema == nullptr ? nullptr : static_cast<const cli::SchemaNode*>(node.schema->priv);
}

// The text of a leaf or leaf-list entry in the model's canonical form.
inline const char* value_of(const lyd_node& node) { return lyd_get_value(&node); }

}  // namespace tandem::yang
