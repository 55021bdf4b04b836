// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/instance_path.h"

#include <algorithm>

#include "lib/cli/value.h"

namespace tandem::cli {
namespace {

class PathParser {
 public:
  explicit PathParser(std::string_view path) : rest_(path) {}

  base::Result<std::vector<PathStep>> parse(const SchemaNode& root) {
    std::vector<PathStep> steps;
    const SchemaNode* node = &root;
    while (!rest_.empty()) {
      if (!take('/')) {
        return base::fail("not an instance path at '{}'", rest_);
      }
      const std::string_view name = take_until("/[");
      node = node->child(name.substr(name.find(':') == std::string_view::npos ? 0 : name.find(':') + 1));
      if (node == nullptr) {
        return base::fail("unknown node '{}'", name);
      }
      steps.push_back({node, {}, {}});
      while (take('[')) {
        if (!parse_predicate(steps.back())) {
          return base::fail("predicate of '{}' is not understood", name);
        }
      }
    }
    return steps;
  }

 private:
  bool take(char c) {
    if (!rest_.starts_with(c)) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view take_until(std::string_view letters) {
    const std::size_t end = std::min(rest_.find_first_of(letters), rest_.size());
    const std::string_view taken = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return taken;
  }

  // name='value'] or a position: 3]
  bool parse_predicate(PathStep& step) {
    std::string_view name = take_until("=]");
    name.remove_prefix(name.find(':') == std::string_view::npos ? 0 : name.find(':') + 1);
    if (take(']')) {
      return true;
    }
    if (!take('=') || (!rest_.starts_with('\'') && !rest_.starts_with('"'))) {
      return false;
    }
    const std::string quote(rest_.substr(0, 1));
    std::string value;
    for (bool doubled = false; take(quote.front()); doubled = true) {
      value += doubled ? quote : "";
      value += take_until(quote);
      if (!take(quote.front())) {
        return false;
      }
    }
    step.keys.push_back(value);
    step.values.emplace(name, value);
    return take(']');
  }

  std::string_view rest_;
};

}  // namespace

std::string predicate(std::string_view name, const std::string& value) {
  const bool single = value.find('\'') != std::string::npos;
  const bool both = single && value.find('"') != std::string::npos;
  const char quote = single && !both ? '"' : '\'';
  std::string text = fmt::format("[{}={}", name, quote);
  for (const char c : value) {
    text += c == quote ? std::string(2, c) : std::string(1, c);
  }
  return (text += quote) += ']';
}

std::string step_text(const SchemaNode& child) {
  const bool same = child.parent != nullptr && child.parent->module == child.module;
  return same ? "/" + child.name : "/" + child.module + ":" + child.name;
}

base::Result<std::string> instance_path(const SchemaNode& node, const Values& values) {
  if (node.parent == nullptr) {
    return std::string();
  }
  auto path = instance_path(*node.parent, values);
  if (!path) {
    return path;
  }
  *path += step_text(node);
  for (const std::string& key : node.keys) {
    const SchemaNode* const leaf = node.child(key);
    const auto value = leaf == nullptr ? values.end() : values.find(binding_name(*leaf));
    if (value == values.end()) {
      return base::fail("{} is not named", key);
    }
    *path += predicate(key, value->second);
  }
  return path;
}

base::Result<std::vector<PathStep>> parse_path(const SchemaNode& root, std::string_view path) {
  return PathParser(path).parse(root);
}

}  // namespace tandem::cli
