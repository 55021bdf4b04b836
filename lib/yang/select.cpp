// SPDX-License-Identifier: Apache-2.0
#include "lib/yang/select.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <set>

#include "lib/yang/context_impl.h"
#include "lib/yang/data.h"
#include "lib/yang/problems.h"
#include "lib/yang/schema_walk.h"

namespace tandem::yang {
namespace {

// ---- nodes of the model

using SchemaNodes = std::set<const lysc_node*>;  // nullptr: the root

bool has_child(const ly_ctx* modules, const lysc_node& parent, const cli::PathPredicate& predicate) {
  bool found = predicate.name == ".";
  for_each_child(modules, &parent, [&](const lysc_node& child) {
    found = found || ((child.nodetype & LYD_NODE_TERM) != 0 && is_named(child, predicate.module, predicate.name));
  });
  return found;
}

// The nodes that `step` matches, below those of the previous step.
SchemaNodes follow(const ly_ctx* modules, const SchemaNodes& from, const cli::DataPathStep& step) {
  SchemaNodes reached;
  std::function<void(const lysc_node&)> look = [&](const lysc_node& node) {
    if (is_named(node, step.module, step.name)) {
      reached.insert(&node);
    }
    if (step.at_any_depth) {
      for_each_child(modules, &node, look);
    }
  };
  for (const lysc_node* node : from) {
    for_each_child(modules, node, look);
  }
  return reached;
}

std::optional<cli::PathProblem> check_names(const ly_ctx* modules, const cli::DataPath& path) {
  SchemaNodes nodes{nullptr};
  std::string_view above;
  for (const cli::DataPathStep& step : path) {
    nodes = follow(modules, nodes, step);
    if (nodes.empty()) {
      return cli::PathProblem{step.offset,
                              fmt::format("no such node in the model{}{}", above.empty() ? "" : " below ", above)};
    }
    for (const cli::PathPredicate& predicate : step.predicates) {
      std::erase_if(nodes, [&](const lysc_node* node) { return !has_child(modules, *node, predicate); });
      if (nodes.empty()) {
        return cli::PathProblem{step.offset, fmt::format("{} has no leaf {}", step.name, predicate.name)};
      }
    }
    above = step.name;
  }
  return std::nullopt;
}

// ---- nodes of the data

bool is_key(const lyd_node& node) { return node.schema != nullptr && (node.schema->flags & LYS_KEY) != 0; }

bool holds(const lyd_node& node, const cli::PathPredicate& predicate) {
  const auto has_value = [&](const lyd_node& term) {
    return (term.schema->nodetype & LYD_NODE_TERM) != 0 && value_of(term) == predicate.value;
  };
  if (predicate.name == ".") {
    return has_value(node);
  }
  for (const lyd_node* child = lyd_child(&node); child != nullptr; child = child->next) {
    if (is_named(*child->schema, predicate.module, predicate.name) && has_value(*child)) {
      return true;
    }
  }
  return false;
}

// Removes all nodes from a tree but those that the paths select, their ancestors, and the keys of the remaining
// entries.
class Pruner {
 public:
  Pruner(DataHandle& tree, const std::vector<cli::DataPath>& paths) : tree_(tree) {
    for (const cli::DataPath& path : paths) {
      everything_ = everything_ || path.empty();
      for (const cli::DataPathStep& step : path) {
        begin_ |= &step == &path.front() ? bit(steps_.size()) : 0;
        steps_.push_back({&step, &step == &path.back()});
      }
    }
  }

  void run() {
    if (!everything_) {
      prune(tree_.get(), begin_);
    }
  }

 private:
  using Places = std::uint64_t;  // a bit for each step that a node may match next
  static_assert(cli::kMaxPathSteps <= 64);
  static Places bit(std::size_t step) { return Places{1} << step; }

  struct Step {
    const cli::DataPathStep* step;
    bool last;
  };

  static bool matches(const cli::DataPathStep& step, const lyd_node& node) {
    return is_named(*node.schema, step.module, step.name) &&
           std::ranges::all_of(step.predicates, [&node](const auto& predicate) { return holds(node, predicate); });
  }

  // Whether nodes other than keys remain among the siblings. The recursion is as deep as the model.
  bool prune(lyd_node* siblings, Places here) {
    bool something = false;
    for (lyd_node* node = siblings; node != nullptr;) {
      lyd_node* next = node->next;
      Places below = 0;
      if (look_at(*node, here, below) || (below != 0 && prune(lyd_child(node), below))) {
        something = true;
      } else if (!is_key(*node)) {
        release_node(tree_, node);
      }
      node = next;
    }
    return something;
  }

  // Whether the node is selected; `below`: the steps that its children may match.
  bool look_at(const lyd_node& node, Places here, Places& below) const {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if ((here & bit(i)) == 0) {
        continue;
      }
      below |= steps_[i].step->at_any_depth ? bit(i) : 0;
      if (matches(*steps_[i].step, node)) {
        if (steps_[i].last) {
          return true;
        }
        below |= bit(i + 1);
      }
    }
    return false;
  }

  DataHandle& tree_;
  std::vector<Step> steps_;
  Places begin_ = 0;
  bool everything_ = false;
};

std::string print(const lyd_node* tree) {
  char* text = nullptr;
  if (tree == nullptr || lyd_print_mem(&text, tree, LYD_JSON, LYD_PRINT_WITHSIBLINGS) != LY_SUCCESS ||
      text == nullptr) {
    return "{}\n";
  }
  std::string json = text;
  std::free(text);
  return json.find('"') == std::string::npos ? "{}\n" : json;  // only braces
}

}  // namespace

base::Result<std::vector<cli::DataPath>> read_paths(const Context& context, std::string_view text) {
  auto paths = cli::parse_data_paths(text);
  if (!paths) {
    return base::fail("{}", describe(paths.error(), text));
  }
  for (const cli::DataPath& path : *paths) {
    if (const auto wrong = check_names(context.impl().handle.get(), path)) {
      return base::fail("{}", describe(*wrong, text));
    }
  }
  return std::move(*paths);
}

base::Result<std::string> select(const Context& context, std::string_view json,
                                 const std::vector<cli::DataPath>& paths) {
  const ly_ctx* modules = context.impl().handle.get();
  lyd_node* parsed = nullptr;
  const LY_ERR read =
      lyd_parse_data_mem(modules, std::string(json).c_str(), LYD_JSON, LYD_PARSE_ONLY | LYD_PARSE_STRICT, 0, &parsed);
  DataHandle data(parsed);
  if (read != LY_SUCCESS) {
    return base::fail("the state does not fit the model: {}", take_text(modules));
  }
  Pruner(data, paths).run();
  return print(data.get());
}

}  // namespace tandem::yang
