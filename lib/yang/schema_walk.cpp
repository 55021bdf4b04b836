// SPDX-License-Identifier: Apache-2.0
#include "lib/yang/schema_walk.h"

namespace tandem::yang {

void for_each_child(const ly_ctx* modules, const lysc_node* parent, const std::function<void(const lysc_node&)>& use) {
  if (parent != nullptr) {
    for (const lysc_node* child = lys_getnext(nullptr, parent, nullptr, 0); child != nullptr;
         child = lys_getnext(child, parent, nullptr, 0)) {
      use(*child);
    }
    return;
  }
  std::uint32_t index = 0;
  while (const lys_module* module = ly_ctx_get_module_iter(modules, &index)) {
    const bool has_data = module->implemented != 0 && module->compiled != nullptr;
    for (const lysc_node* child = has_data ? module->compiled->data : nullptr; child != nullptr; child = child->next) {
      use(*child);
    }
  }
}

const lysc_node* child_named(const ly_ctx* modules, const lysc_node* parent, std::string_view module,
                             std::string_view name) {
  const lysc_node* found = nullptr;
  for_each_child(modules, parent, [&](const lysc_node& child) {
    found = found == nullptr && is_named(child, module, name) ? &child : found;
  });
  return found;
}

}  // namespace tandem::yang
