// SPDX-License-Identifier: Apache-2.0
// Reads configuration trees: what code that turns a tree into typed values needs.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/check.h"
#include "lib/cli/schema.h"

namespace tandem::config {

// A node of a valid tree, which may be absent: its leaves then have the model's defaults. The names given to it have to
// be in the model: another one aborts. Refers to the tree.
class TreeView {
 public:
  explicit TreeView(const cli::DataNode& root) : TreeView(*root.schema, &root) {}
  TreeView(const cli::SchemaNode& schema, const cli::DataNode* data) : schema_(schema), data_(data) {}

  bool present() const { return data_ != nullptr; }
  // Whether the model has a child of that name: the one question that may be asked about any name.
  bool knows(std::string_view name) const { return schema_.child(name) != nullptr; }

  TreeView container(std::string_view name) const { return TreeView(child_schema(name), child(name)); }
  TreeView absent(std::string_view name) const {
    return TreeView(child_schema(name), nullptr);
  }  // as if it were not there

  std::optional<std::string> text(std::string_view name) const {
    const cli::DataNode* leaf = child(name);
    return leaf != nullptr ? std::optional(leaf->value) : child_schema(name).default_value;
  }

  std::optional<unsigned> number(std::string_view name) const {
    const std::optional<std::string> value = text(name);
    if (!value) {
      return std::nullopt;
    }
    unsigned result = 0;
    const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), result);
    TANDEM_INVARIANT(error == std::errc{} && end == value->data() + value->size());
    return result;
  }

  std::optional<bool> boolean(std::string_view name) const {
    const std::optional<std::string> value = text(name);
    return value ? std::optional(*value == "true") : std::nullopt;
  }

  // All entries of the list or leaf-list `name`.
  template <class Use>
  void for_each(std::string_view name, Use use) const {
    if (data_ == nullptr) {
      return;
    }
    for (const cli::DataNode& node : data_->children) {
      if (node.schema->name == name) {
        use(TreeView(*node.schema, &node));
      }
    }
  }

  const std::string& value() const { return data_->value; }

 private:
  const cli::DataNode* child(std::string_view name) const { return data_ != nullptr ? data_->child(name) : nullptr; }

  const cli::SchemaNode& child_schema(std::string_view name) const {
    const cli::SchemaNode* found = schema_.child(name);
    TANDEM_INVARIANT(found != nullptr);
    return *found;
  }

  const cli::SchemaNode& schema_;
  const cli::DataNode* data_;
};

}  // namespace tandem::config
