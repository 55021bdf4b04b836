// SPDX-License-Identifier: Apache-2.0
#include "lib/yang/named_nodes.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/cli/data_path.h"
#include "lib/yang/problems.h"
#include "lib/yang/schema_walk.h"

namespace tandem::yang {
namespace {

// The most keys of one list that the code supports: libyang takes them as separate arguments.
constexpr std::size_t kMaxKeys = 2;

class Maker {
 public:
  Maker(const ly_ctx* modules, const lyd_node* above) : modules_(modules) {
    if (above != nullptr) {
      lyd_node* copy = nullptr;
      lyd_dup_single(above, nullptr, 0, &copy);
      made_.owner.reset(copy);
      last_ = copy;
    }
  }

  // Returns the reason if the model does not have the step.
  base::Result<void, std::string> add(const cli::DataPathStep& step) {
    const lysc_node* const parent = last_ == nullptr ? nullptr : last_->schema;
    std::string_view module = step.module;
    if (module.empty() && parent != nullptr) {
      module = parent->module->name;
    }
    const lysc_node* const schema = child_named(modules_, parent, module, step.name);
    if (schema == nullptr || step.at_any_depth || step.name == "*") {
      return base::Unexpected<std::string>("no such node in the model");
    }
    if (schema->nodetype == LYS_CONTAINER) {
      lyd_node* node = nullptr;
      const LY_ERR result = lyd_new_inner(last_, schema->module, schema->name, 0, &node);
      return keep(result, node);
    }
    if (schema->nodetype == LYS_LIST) {
      return add_entry(*schema, step);
    }
    if (schema->nodetype == LYS_LEAFLIST) {
      return add_term(*schema, value_in(step, "."));
    }
    if (schema->nodetype != LYS_LEAF) {
      return base::Unexpected<std::string>("no such node in the model");
    }
    made_.leaf = schema;
    return {};
  }

  base::Result<void, std::string> give_value(const std::string& value) {
    const lysc_node& leaf = *std::exchange(made_.leaf, nullptr);
    return add_term(leaf, &value);
  }

  bool ends_with_leaf() const { return made_.leaf != nullptr; }
  NamedNodes take() { return std::move(made_); }

 private:
  static const std::string* value_in(const cli::DataPathStep& step, std::string_view name) {
    const auto found = std::ranges::find(step.predicates, name, &cli::PathPredicate::name);
    return found == step.predicates.end() ? nullptr : &found->value;
  }

  base::Result<void, std::string> add_entry(const lysc_node& list, const cli::DataPathStep& step) {
    std::array<const char*, kMaxKeys> keys{};
    std::size_t count = 0;
    for (const lysc_node* key = lysc_node_child(&list); key != nullptr && (key->flags & LYS_KEY) != 0;
         key = key->next) {
      const std::string* const value = value_in(step, key->name);
      if (value == nullptr || count == kMaxKeys) {
        return base::Unexpected<std::string>(fmt::format("an entry of {} needs its key {}", list.name, key->name));
      }
      keys.at(count++) = value->c_str();
    }
    lyd_node* node = nullptr;
    const LY_ERR result = lyd_new_list(last_, list.module, list.name, 0, &node, keys[0], keys[1]);
    return keep(result, node);
  }

  base::Result<void, std::string> add_term(const lysc_node& schema, const std::string* value) {
    if (value == nullptr) {
      return base::Unexpected<std::string>(fmt::format("an entry of {} needs its value", schema.name));
    }
    lyd_node* node = nullptr;
    const LY_ERR result = lyd_new_term(last_, schema.module, schema.name, value->c_str(), 0, &node);
    return keep(result, node);
  }

  base::Result<void, std::string> keep(LY_ERR result, lyd_node* node) {
    if (result != LY_SUCCESS || node == nullptr) {
      // The first of several messages about one value is the reason.
      const std::vector<Problem> problems = take_problems(modules_);
      return base::Unexpected<std::string>(problems.empty() ? "invalid value" : problems.front().message);
    }
    if (made_.owner == nullptr) {
      made_.owner.reset(node);
    }
    made_.nodes.push_back(node);
    last_ = node;
    return {};
  }

  const ly_ctx* modules_;
  NamedNodes made_;
  lyd_node* last_ = nullptr;
};

}  // namespace

base::Result<NamedNodes, Problem> name_nodes(const ly_ctx* modules, const lyd_node* above, std::string_view path,
                                             LastLeaf ending, const std::string& value) {
  const auto refuse = [](std::string_view part, std::string message) {
    return base::Unexpected<Problem>(Problem{std::string(part), std::move(message), 0});
  };
  const auto paths = cli::parse_data_paths(path);
  if (!paths || paths->size() != 1 || paths->front().empty()) {
    return refuse(path, paths ? "not the path of a node" : paths.error().message);
  }
  Maker maker(modules, above);
  const cli::DataPath& steps = paths->front();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::size_t end = i + 1 < steps.size() ? steps[i + 1].offset : path.size();
    if (maker.ends_with_leaf()) {
      return refuse(path, "there is nothing below a leaf");
    }
    if (auto added = maker.add(steps[i]); !added) {
      return refuse(path.substr(0, end), std::move(added.error()));
    }
  }
  if (maker.ends_with_leaf() && ending == LastLeaf::with_value) {
    if (auto given = maker.give_value(value); !given) {
      return refuse(path, std::move(given.error()));
    }
  }
  return maker.take();
}

lyd_node* counterpart(lyd_node* siblings, const lyd_node* like) {
  lyd_node* match = nullptr;
  if (siblings == nullptr) {
    return nullptr;
  }
  if ((like->schema->nodetype & (LYS_LIST | LYS_LEAFLIST)) != 0) {
    lyd_find_sibling_first(siblings, like, &match);
  } else {
    lyd_find_sibling_val(siblings, like->schema, nullptr, 0, &match);  // with any value
  }
  return match;
}

base::Result<lyd_node*, Problem> find_node(const ly_ctx* modules, lyd_node* first, lyd_node* above,
                                           std::string_view path) {
  auto named = TANDEM_TRY(name_nodes(modules, above, path, LastLeaf::without_value, {}));
  lyd_node* siblings = above == nullptr ? first : lyd_child(above);
  lyd_node* found = nullptr;
  for (const lyd_node* like : named.nodes) {
    found = counterpart(siblings, like);
    if (found == nullptr) {
      return nullptr;
    }
    siblings = lyd_child(found);
  }
  if (named.leaf != nullptr) {
    found = nullptr;
    lyd_find_sibling_val(siblings, named.leaf, nullptr, 0, &found);
  }
  return found;
}

}  // namespace tandem::yang
