// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/edit_builder.h"

#include <algorithm>

#include "lib/cli/value.h"

namespace tandem::cli {

base::Result<std::vector<Edit>> EditBuilder::build(const Bindings& bindings) {
  TANDEM_TRY(read_values(bindings));
  path_ = TANDEM_TRY(instance_path(node_, values_));
  switch (node_.kind) {
    case NodeKind::leaf:
      edit_leaf();
      break;
    case NodeKind::container:
      edit_container(bindings);
      break;
    case NodeKind::list:
      edit_list();
      break;
    case NodeKind::leaf_list:
      edit_leaf_list();
      break;
  }
  return std::move(edits_);
}

base::Result<> EditBuilder::read_values(const Bindings& bindings) {
  for (const Binding& binding : bindings.all()) {
    const SchemaNode* const leaf = leaf_of(binding.name);
    // The value after `no` only repeats the one that is removed, and may be wrong.
    const bool matters =
        leaf != nullptr && (meaning_.verb == Verb::set || leaf->is_key || leaf->kind == NodeKind::leaf_list);
    if (!matters) {
      continue;
    }
    if (auto read = read_value(*leaf, binding); !read) {
      return read;
    }
  }
  return {};
}

base::Result<> EditBuilder::read_value(const SchemaNode& leaf, const Binding& binding) {
  std::string_view text = binding.value;
  const std::size_t slash = leaf.cli.slash.empty() ? std::string_view::npos : text.find('/');
  const SchemaNode* const length = leaf.parent == nullptr ? nullptr : leaf.parent->child(leaf.cli.slash);
  if (slash != std::string_view::npos && length != nullptr && meaning_.verb == Verb::set) {
    values_[binding_name(*length)] = TANDEM_TRY(to_model(*length, text.substr(slash + 1)));
  }
  auto value = TANDEM_TRY(to_model(leaf, text.substr(0, slash)));
  if (leaf.kind == NodeKind::leaf_list) {
    list_values_.push_back(std::move(value));
  } else {
    values_[binding_name(leaf)] = std::move(value);
  }
  return {};
}

// The leaf of a binding: the node itself, one on its line, or a key of an enclosing list.
const SchemaNode* EditBuilder::leaf_of(const std::string& name) const {
  if (binding_name(node_) == name) {
    return &node_;
  }
  for (const SchemaNode* node = &node_; node != nullptr; node = node->parent) {
    for (const auto& child : node->children) {
      if (child->kind == NodeKind::leaf && binding_name(*child) == name) {
        return child.get();
      }
    }
  }
  return nullptr;
}

void EditBuilder::edit_leaf() {
  const bool is_boolean = node_.type.kind == ValueKind::boolean;
  switch (meaning_.verb) {
    case Verb::set:
      set(path_, is_boolean && !values_.contains(binding_name(node_)) ? "true" : values_[binding_name(node_)]);
      break;
    case Verb::no:
      if (is_boolean) {
        set(path_, "false");
      } else {
        remove(path_);
      }
      break;
    case Verb::to_default:
      remove(path_);
      break;
  }
}

void EditBuilder::edit_leaf_list() {
  if (list_values_.empty()) {  // none named: all
    for (const EnumValue& value : node_.type.values) {
      list_values_.push_back(value.name);
    }
  }
  for (const std::string& value : list_values_) {
    if (meaning_.verb == Verb::set) {
      set(path_ + predicate(".", value), {});
    } else {
      remove(path_ + predicate(".", value));
    }
  }
}

// `no banner` is a setting; `no banner default` removes the setting of the line without `no`.
void EditBuilder::edit_container(const Bindings& bindings) {
  const SchemaNode* const negative = meaning_.verb == Verb::no ? negative_leaf(node_) : nullptr;
  if (negative != nullptr && !bindings.has(binding_name(*negative))) {
    values_[binding_name(*negative)] = negative->cli.negative;
  } else if (meaning_.verb != Verb::set) {
    remove(path_);
    return;
  }
  set(path_, {});
  edit_leaves_on_line();
}

void EditBuilder::edit_list() {
  if (meaning_.verb != Verb::set) {
    remove(path_);
    return;
  }
  if (!is_mode(node_)) {
    set(path_, {});
  }
  edit_leaves_on_line();
}

// The line of a container, and the prefix length of an address, are complete: leaves that are not on the line are
// removed. The inline leaves of a list entry have commands of their own: `vrrp 5` does not change the version of a
// group.
void EditBuilder::edit_leaves_on_line() {
  for (const SchemaNode* leaf : leaves_on_line(node_)) {
    if (!leaf->is_key && (node_.kind == NodeKind::container || values_.contains(binding_name(*leaf)))) {
      set_or_remove(*leaf);
    }
    const SchemaNode* const length = leaf->cli.slash.empty() ? nullptr : node_.child(leaf->cli.slash);
    if (length != nullptr) {
      set_or_remove(*length);
    }
  }
}

void EditBuilder::set_or_remove(const SchemaNode& leaf) {
  const auto value = values_.find(binding_name(leaf));
  if (value != values_.end()) {
    set(path_ + step_text(leaf), value->second);
  } else {
    remove(path_ + step_text(leaf));
  }
}

}  // namespace tandem::cli
