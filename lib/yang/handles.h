// SPDX-License-Identifier: Apache-2.0
// Owners of libyang's objects. Private to this folder.
#pragma once

#include <libyang/libyang.h>

#include <memory>

#include "lib/cli/schema.h"

namespace tandem::yang {

struct ContextDeleter {
  void operator()(ly_ctx* context) const { ly_ctx_destroy(context); }
};
using ContextHandle = std::unique_ptr<ly_ctx, ContextDeleter>;

struct DataDeleter {
  void operator()(lyd_node* node) const { lyd_free_all(node); }
};
using DataHandle = std::unique_ptr<lyd_node, DataDeleter>;  // a tree: its first top-level node

// The schema node of the command line for the compiled node of `node`; nullptr if it has none.
inline const cli::SchemaNode* schema_of(const lyd_node& node) {
  return node.schema == nullptr ? nullptr : static_cast<const cli::SchemaNode*>(node.schema->priv);
}

// The text of a leaf or leaf-list entry in the model's canonical form.
inline const char* value_of(const lyd_node& node) { return lyd_get_value(&node); }

}  // namespace tandem::yang
