// SPDX-License-Identifier: Apache-2.0
#include "lib/yang/validation.h"

#include <algorithm>

#include "lib/yang/compat.h"
#include "lib/yang/data.h"
#include "lib/yang/named_nodes.h"
#include "lib/yang/problems.h"

namespace tandem::yang {
namespace {

// The most problems reported of one tree. Each costs a validation; the operator corrects these and then sees the rest.
constexpr std::size_t kMaxProblems = 32;

bool is_redundant_leaf(const lyd_node& node) {
  const cli::SchemaNode* const schema = schema_of(node);
  if (schema != nullptr && schema->cli.keep_given) {
    return false;
  }
  return node.schema->nodetype == LYS_LEAF && (node.flags & LYD_DEFAULT) == 0 && !compat::is_key(*node.schema) &&
         reinterpret_cast<const lysc_node_leaf*>(node.schema)->dflt != nullptr && lyd_is_default(&node) != 0;
}

// Default nodes do not count: an entry has them after validation.
bool holds_nothing(const lyd_node& node) {
  for (const lyd_node* child = lyd_child_no_keys(&node); child != nullptr; child = child->next) {
    if ((child->flags & LYD_DEFAULT) == 0) {
      return false;
    }
  }
  return true;
}

bool is_empty_mode(const lyd_node& node) {
  const cli::SchemaNode* schema = schema_of(node);
  return schema != nullptr && !schema->cli.mode.empty() && schema->kind == cli::NodeKind::list && holds_nothing(node);
}

bool is_empty_container(const lyd_node& node) {
  return node.schema->nodetype == LYS_CONTAINER && (node.schema->flags & LYS_PRESENCE) == 0 &&
         (node.flags & LYD_DEFAULT) == 0 && holds_nothing(node);
}

void normalise_siblings(DataHandle& tree, lyd_node* siblings) {
  for (lyd_node* node = siblings; node != nullptr;) {
    lyd_node* next = node->next;
    if (node->schema != nullptr && (node->flags & LYD_DEFAULT) == 0) {
      normalise_siblings(tree, lyd_child(node));
      if (is_redundant_leaf(*node) || is_empty_mode(*node) || is_empty_container(*node)) {
        release_node(tree, node);
      }
    }
    node = next;
  }
}

LY_ERR validate_once(DataHandle& tree, const ly_ctx* context) {
  lyd_node* data = tree.release();
  const LY_ERR result = lyd_validate_all(&data, context, LYD_VALIDATE_NO_STATE, nullptr);
  tree.reset(data);
  return result;
}

// Removes the node of the problem. False if there is none to remove.
bool take_out(DataHandle& tree, const ly_ctx* context, const std::string& path) {
  const auto found = find_node(context, tree.get(), nullptr, path);
  lyd_node* node = found.value_or(nullptr);
  if (node == nullptr) {
    return false;
  }
  if (compat::is_key(*node->schema)) {
    node = lyd_parent(node);
  }
  release_node(tree, node);
  return true;
}

}  // namespace

void normalise(DataHandle& tree) { normalise_siblings(tree, tree.get()); }

std::vector<Problem> validate_all(DataHandle& tree, const ly_ctx* context) {
  if (validate_once(tree, context) == LY_SUCCESS) {
    return {};
  }
  std::vector<Problem> problems;
  DataHandle rest = duplicate(tree.get());
  bool valid = false;
  while (!valid && problems.size() < kMaxProblems) {
    const std::vector<Problem> found = take_problems(context);
    if (found.empty()) {
      break;
    }
    problems.push_back(found.front());
    if (!take_out(rest, context, found.front().path)) {
      break;
    }
    ly_err_clean(const_cast<ly_ctx*>(context), nullptr);
    valid = validate_once(rest, context) == LY_SUCCESS;
  }
  ly_err_clean(const_cast<ly_ctx*>(context), nullptr);
  if (problems.empty()) {
    problems.push_back({"", "the configuration is not valid, and libyang gives no reason", 0});
  }
  return problems;
}

}  // namespace tandem::yang
