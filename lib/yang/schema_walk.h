// SPDX-License-Identifier: Apache-2.0
// Finds compiled nodes by name. Private to this folder.
#pragma once

#include <libyang/libyang.h>

#include <functional>
#include <string_view>

namespace tandem::yang {

// `name` may be "*"; an empty `module` matches any.
inline bool is_named(const lysc_node& node, std::string_view module, std::string_view name) {
  return (name == "*" || node.name == name) && (module.empty() || node.module->name == module);
}

// `parent` nullptr: the top-level nodes of all modules.
void for_each_child(const ly_ctx* modules, const lysc_node* parent, const std::function<void(const lysc_node&)>& use);

// The first child with the name, or nullptr.
const lysc_node* child_named(const ly_ctx* modules, const lysc_node* parent, std::string_view module,
                             std::string_view name);

}  // namespace tandem::yang
