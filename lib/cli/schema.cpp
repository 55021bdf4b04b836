// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/schema.h"

#include <algorithm>

namespace tandem::cli {

const SchemaNode* SchemaNode::child(std::string_view child_name) const {
  const auto it = std::ranges::find_if(children, [&](const auto& node) { return node->name == child_name; });
  return it == children.end() ? nullptr : it->get();
}

const DataNode* DataNode::child(std::string_view child_name) const {
  const auto it = std::ranges::find_if(children, [&](const auto& node) { return node.schema->name == child_name; });
  return it == children.end() ? nullptr : &*it;
}

}  // namespace tandem::cli
