// SPDX-License-Identifier: Apache-2.0
#include "lib/yang/select.h"

#include <cstdlib>
#include <unordered_set>

#include "lib/yang/data.h"
#include "lib/yang/impl.h"
#include "lib/yang/problems.h"

namespace tandem::yang {
namespace {

struct SetDeleter {
  void operator()(ly_set* set) const { ly_set_free(set, nullptr); }
};
using SetHandle = std::unique_ptr<ly_set, SetDeleter>;
using Nodes = std::unordered_set<const lyd_node*>;

bool is_key(const lyd_node& node) { return node.schema != nullptr && (node.schema->flags & LYS_KEY) != 0; }

// Removes what is neither selected nor above what is selected; the keys of entries that stay, stay. Returns whether
// anything but keys is left among the siblings.
bool prune(DataHandle& tree, lyd_node* siblings, const Nodes& selected) {
  bool something = false;
  for (lyd_node* node = siblings; node != nullptr;) {
    lyd_node* next = node->next;
    if (selected.contains(node) || prune(tree, lyd_child(node), selected)) {
      something = true;
    } else if (!is_key(*node)) {
      release_node(tree, node);
    }
    node = next;
  }
  return something;
}

std::string print(const lyd_node* tree) {
  char* text = nullptr;
  if (tree == nullptr || lyd_print_mem(&text, tree, LYD_JSON, LYD_PRINT_WITHSIBLINGS) != LY_SUCCESS ||
      text == nullptr) {
    return "{}\n";
  }
  std::string json = text;
  std::free(text);
  return json.find('"') == std::string::npos ? "{}\n" : json;  // nothing but braces
}

// Names that the schema has and the data happens not to have are no mistake.
base::Result<std::string> nothing(const ly_ctx* modules, const std::string& xpath) {
  ly_set* found = nullptr;
  const LY_ERR known = lys_find_xpath(modules, nullptr, xpath.c_str(), 0, &found);
  const SetHandle set(found);
  if (known == LY_SUCCESS && set->count > 0) {
    return std::string("{}\n");
  }
  const std::vector<Problem> problems = take_problems(modules);
  return base::fail("{}: {}", xpath, problems.empty() ? "no such node in the model" : problems.front().message);
}

}  // namespace

base::Result<std::string> select(const Context& context, std::string_view json, const std::string& xpath) {
  const ly_ctx* modules = context.impl().handle.get();
  lyd_node* parsed = nullptr;
  const LY_ERR read =
      lyd_parse_data_mem(modules, std::string(json).c_str(), LYD_JSON, LYD_PARSE_ONLY | LYD_PARSE_STRICT, 0, &parsed);
  DataHandle data(parsed);
  if (read != LY_SUCCESS) {
    return base::fail("the state does not fit the model: {}", take_text(modules));
  }
  if (xpath == "/") {
    return print(data.get());
  }
  ly_set* found = nullptr;
  if (data != nullptr && lyd_find_xpath(data.get(), xpath.c_str(), &found) != LY_SUCCESS) {
    const std::vector<Problem> problems = take_problems(modules);
    return base::fail("{}: {}", xpath, problems.empty() ? "not a path" : problems.front().message);
  }
  const SetHandle set(found);
  if (set == nullptr || set->count == 0) {
    return nothing(modules, xpath);
  }
  Nodes selected;
  for (std::uint32_t i = 0; i < set->count; ++i) {
    selected.insert(set->dnodes[i]);
  }
  prune(data, data.get(), selected);
  return print(data.get());
}

}  // namespace tandem::yang
