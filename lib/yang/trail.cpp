// SPDX-License-Identifier: Apache-2.0
#include "lib/yang/trail.h"

#include <algorithm>

namespace tandem::yang {
namespace {

// The ends of the parts of an instance path: "/a/b[c='/']/d" has three.
std::vector<std::size_t> ends_of_parts(std::string_view path) {
  std::vector<std::size_t> ends;
  char quote = '\0';
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (quote != '\0') {
      quote = path[i] == quote ? '\0' : quote;
    } else if (path[i] == '\'' || path[i] == '"') {
      quote = path[i];
    } else if (path[i] == '/') {
      ends.push_back(i);
    }
  }
  ends.push_back(path.size());
  return ends;
}

}  // namespace

const Trail::Node* Trail::follow(std::string_view path) {
  const auto common = static_cast<std::size_t>(std::ranges::mismatch(path_, path).in1 - path_.begin());
  while (!nodes_.empty()) {
    const std::size_t end = nodes_.back().end;
    if (end <= common && end < path.size() && path[end] == '/') {
      break;
    }
    nodes_.pop_back();
  }
  path_.resize(nodes_.empty() ? 0 : nodes_.back().end);
  return nodes_.empty() ? nullptr : &nodes_.back();
}

void Trail::extend(std::string_view path, lyd_node* last) {
  const std::vector<std::size_t> ends = ends_of_parts(path);
  const std::size_t known = nodes_.size();
  lyd_node* node = last;
  for (auto end = ends.rbegin(); end != ends.rend() && *end > path_.size() && node != nullptr; ++end) {
    nodes_.push_back({*end, node});
    node = lyd_parent(node);
  }
  std::reverse(nodes_.begin() + static_cast<std::ptrdiff_t>(known), nodes_.end());
  path_ = path;
}

}  // namespace tandem::yang
