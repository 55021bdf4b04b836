// SPDX-License-Identifier: Apache-2.0
#include "lib/yang/data.h"

#include <algorithm>
#include <charconv>
#include <compare>

#include "lib/base/ip.h"

namespace tandem::yang {
namespace {

std::strong_ordering compare_numbers(std::string_view left, std::string_view right) {
  std::uint64_t left_number = 0;
  std::uint64_t right_number = 0;
  std::from_chars(left.data(), left.data() + left.size(), left_number);
  std::from_chars(right.data(), right.data() + right.size(), right_number);
  return left_number <=> right_number;
}

std::ptrdiff_t position(const std::vector<cli::EnumValue>& values, std::string_view name) {
  return std::ranges::find(values, name, &cli::EnumValue::name) - values.begin();
}

std::strong_ordering compare_values(const cli::ValueType& type, std::string_view left, std::string_view right) {
  switch (type.kind) {
    case cli::ValueKind::number:
      return compare_numbers(left, right);
    case cli::ValueKind::enumeration:
      return position(type.values, left) <=> position(type.values, right);
    case cli::ValueKind::ipv4_address:
    case cli::ValueKind::ipv6_address:
      return base::IpAddress::parse(left) <=> base::IpAddress::parse(right);
    case cli::ValueKind::word:
    case cli::ValueKind::line:
    case cli::ValueKind::boolean:
      return left <=> right;
  }
  return std::strong_ordering::equal;
}

bool is_entry(const cli::SchemaNode& schema) {
  return schema.kind == cli::NodeKind::list || schema.kind == cli::NodeKind::leaf_list;
}

// Whether `left` precedes `right`; both are entries of the list or leaf-list `schema`.
bool entry_before(const cli::SchemaNode& schema, const lyd_node* left, const lyd_node* right) {
  if (schema.kind == cli::NodeKind::leaf_list) {
    return compare_values(schema.type, value_of(*left), value_of(*right)) < 0;
  }
  const lyd_node* left_key = lyd_child(left);
  const lyd_node* right_key = lyd_child(right);
  for (std::size_t i = 0; i < schema.keys.size(); ++i) {  // libyang stores the keys first, in their order
    const auto order = compare_values(schema_of(*left_key)->type, value_of(*left_key), value_of(*right_key));
    if (order != 0) {
      return order < 0;
    }
    left_key = left_key->next;
    right_key = right_key->next;
  }
  return false;
}

// The adjacent entries of one list, from `first`, in canonical order. `end` is the node after them.
std::vector<const lyd_node*> sorted_entries(const cli::SchemaNode& schema, const lyd_node* first,
                                            const lyd_node** end) {
  std::vector<const lyd_node*> entries;
  const lyd_node* node = first;
  for (; node != nullptr && node->schema == first->schema; node = node->next) {
    entries.push_back(node);
  }
  *end = node;
  const auto before = [&schema](const lyd_node* left, const lyd_node* right) {
    return entry_before(schema, left, right);
  };
  if (!std::ranges::is_sorted(entries, before)) {
    std::ranges::stable_sort(entries, before);
  }
  return entries;
}

class Converter {
 public:
  explicit Converter(Defaults defaults) : defaults_(defaults) {}

  void append(std::vector<cli::DataNode>& into, const lyd_node* siblings) const {
    for (const lyd_node* node = siblings; node != nullptr;) {
      const cli::SchemaNode* schema = schema_of(*node);
      if (schema == nullptr) {
        node = node->next;
      } else if (is_entry(*schema)) {
        for (const lyd_node* entry : sorted_entries(*schema, node, &node)) {
          append_node(into, *schema, *entry);
        }
      } else {
        append_node(into, *schema, *node);
        node = node->next;
      }
    }
  }

 private:
  void append_node(std::vector<cli::DataNode>& into, const cli::SchemaNode& schema, const lyd_node& node) const {
    if (defaults_ == Defaults::left_out && (node.flags & LYD_DEFAULT) != 0) {
      return;
    }
    cli::DataNode made;
    made.schema = &schema;
    if (schema.kind == cli::NodeKind::leaf || schema.kind == cli::NodeKind::leaf_list) {
      made.value = value_of(node);
    } else {
      append(made.children, lyd_child(&node));
      const bool says_something = schema.kind == cli::NodeKind::list || (node.schema->flags & LYS_PRESENCE) != 0;
      if (made.children.empty() && !says_something) {
        return;
      }
    }
    into.push_back(std::move(made));
  }

  Defaults defaults_;
};

// Sorts the entries of all lists among `siblings` and below into canonical order.
void sort_entries(lyd_node* parent) {
  lyd_node* first = lyd_child(parent);
  for (lyd_node* node = first; node != nullptr;) {
    const cli::SchemaNode* schema = schema_of(*node);
    lyd_node* next = node->next;
    if (schema != nullptr && is_entry(*schema)) {
      const lyd_node* end = nullptr;
      for (const lyd_node* entry : sorted_entries(*schema, node, &end)) {
        auto* moved = const_cast<lyd_node*>(entry);
        lyd_unlink_tree(moved);
        lyd_insert_child(parent, moved);
        sort_entries(moved);
      }
      next = const_cast<lyd_node*>(end);
    } else {
      sort_entries(node);
    }
    node = next;
  }
}

}  // namespace

cli::DataNode data_of(const lyd_node* siblings, const cli::Schema& schema, Defaults defaults) {
  cli::DataNode root;
  root.schema = schema.root.get();
  const Converter converter(defaults);
  converter.append(root.children, siblings);
  // libyang orders top-level nodes by module name; the schema orders them as the modules were requested.
  const auto rank = [&schema](const cli::DataNode& node) {
    return std::ranges::find(schema.root->children, node.schema, [](const auto& child) { return child.get(); });
  };
  std::ranges::stable_sort(root.children, {}, rank);
  return root;
}

DataHandle duplicate(const lyd_node* siblings) {
  lyd_node* copy = nullptr;
  if (siblings != nullptr) {
    lyd_dup_siblings(siblings, nullptr, LYD_DUP_RECURSIVE | LYD_DUP_WITH_FLAGS, &copy);
  }
  return DataHandle(copy);
}

DataHandle sorted_copy(const lyd_node* siblings) {
  DataHandle copy = duplicate(siblings);
  for (lyd_node* node = copy.get(); node != nullptr; node = node->next) {
    sort_entries(node);
  }
  return copy;
}

void strip_defaults(DataHandle& tree, lyd_node* siblings) {
  for (lyd_node* node = siblings; node != nullptr;) {
    lyd_node* next = node->next;
    if ((node->flags & LYD_DEFAULT) != 0) {
      release_node(tree, node);
    } else {
      strip_defaults(tree, lyd_child(node));
    }
    node = next;
  }
}

void release_node(DataHandle& tree, lyd_node* node) {
  if (node == tree.get()) {
    lyd_node* rest = node->next;
    static_cast<void>(tree.release());
    tree.reset(rest);
  }
  lyd_free_tree(node);
}

}  // namespace tandem::yang
