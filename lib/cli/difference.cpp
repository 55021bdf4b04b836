// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/difference.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "lib/cli/instance_path.h"

namespace tandem::cli {
namespace {

// ---- trees

bool is_key(const DataNode& node) { return node.schema->is_key; }

// The node's last step in an instance path, which distinguishes it from its siblings.
std::string step_of(const DataNode& node) {
  std::string step = step_text(*node.schema);
  if (node.schema->kind == NodeKind::leaf_list) {
    step += predicate(".", node.value);
  }
  for (const std::string& key : node.schema->keys) {
    const DataNode* const leaf = node.child(key);
    step += leaf == nullptr ? std::string() : predicate(key, leaf->value);  // every entry of a tree has its keys
  }
  return step;
}

bool same_place(const DataNode& left, const DataNode& right) {
  if (left.schema != right.schema) {
    return false;
  }
  if (left.schema->kind == NodeKind::leaf_list) {
    return left.value == right.value;
  }
  return std::ranges::all_of(left.schema->keys, [&](const std::string& key) {
    const DataNode* const mine = left.child(key);
    const DataNode* const other = right.child(key);
    return mine != nullptr && other != nullptr && mine->value == other->value;
  });
}

// Finds the counterparts of nodes among the children of another parent. Both are in canonical order, so the counterpart
// is nearly always the next node. An index is made only where entries were added or removed.
class Siblings {
 public:
  explicit Siblings(const std::vector<DataNode>& nodes) : nodes_(nodes) {}

  const DataNode* find(const DataNode& node) {
    if (next_ < nodes_.size() && same_place(nodes_[next_], node)) {
      return &nodes_[next_++];
    }
    if (index_.empty()) {
      for (std::size_t i = 0; i < nodes_.size(); ++i) {
        index_.emplace(step_of(nodes_[i]), i);
      }
    }
    const auto found = index_.find(step_of(node));
    if (found == index_.end()) {
      return nullptr;
    }
    next_ = found->second + 1;
    return &nodes_[found->second];
  }

 private:
  const std::vector<DataNode>& nodes_;
  std::size_t next_ = 0;
  std::unordered_map<std::string, std::size_t> index_;
};

class Comparison {
 public:
  void compare(const DataNode& before, const DataNode& after, const std::string& path) {
    Siblings remaining(after.children);
    for (const DataNode& node : before.children) {
      if (!is_key(node) && remaining.find(node) == nullptr) {
        remove(node, path + step_of(node));
      }
    }
    Siblings known(before.children);
    for (const DataNode& node : after.children) {
      if (is_key(node)) {
        continue;
      }
      const DataNode* const old = known.find(node);
      if (old == nullptr) {
        add(node, path + step_of(node));
      } else if (node.schema->kind == NodeKind::leaf && old->value != node.value) {
        edits_.push_back({Edit::Kind::set, path + step_of(node), node.value});
      } else if (!node.children.empty() || !old->children.empty()) {
        compare(*old, node, path + step_of(node));
      }
    }
  }

  std::vector<Edit> take() { return std::move(edits_); }

 private:
  // Whether the node is a container without a meaning of its own, which exists while it has children.
  static bool is_structure(const DataNode& node) {
    return node.schema->kind == NodeKind::container && !node.schema->presence;
  }

  void remove(const DataNode& node, const std::string& path) {
    if (is_structure(node)) {
      compare(node, DataNode{node.schema, {}, {}}, path);
    } else {
      edits_.push_back({Edit::Kind::remove, path, {}});
    }
  }

  void add(const DataNode& node, const std::string& path) {
    if (!is_structure(node)) {
      edits_.push_back({Edit::Kind::set, path, node.schema->kind == NodeKind::leaf ? node.value : std::string()});
    }
    for (const DataNode& child : node.children) {
      if (!is_key(child)) {
        add(child, path + step_of(child));
      }
    }
  }

  std::vector<Edit> edits_;
};

// ---- lines

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

std::size_t depth_of(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }

// A line of a configuration and, if it opens a mode, the lines of that mode.
struct Block {
  std::string_view line;
  std::vector<Block> inner;
  std::string_view close;  // the line that closes the block; empty: none
  // the configured object, if the other side lacks the line: that side may open the object by another line
  std::string object;

  std::string_view name() const { return object.empty() ? line : object; }
};

// The blocks at one depth. `!` between blocks is layout; a comment is content.
std::vector<Block> parse_blocks(std::string_view& text, std::size_t depth) {
  std::vector<Block> blocks;
  while (!text.empty()) {
    std::string_view rest = text;
    const std::string_view line = take_line(rest);
    if (depth_of(line) < depth) {
      return blocks;
    }
    if (depth_of(line) > depth && !blocks.empty()) {
      blocks.back().inner = parse_blocks(text, depth_of(line));
      continue;
    }
    text = rest;
    const std::string_view words = line.substr(depth_of(line));
    if (words == "exit" && !blocks.empty() && blocks.back().close.empty()) {
      blocks.back().close = line;
    } else if (!words.empty() && words != "!") {
      blocks.push_back({line, {}, {}, {}});
    }
  }
  return blocks;
}

void write_block(std::string& text, char mark, const Block& block) {
  const auto write_line = [&text, mark](std::string_view line) { (text += mark).append(line) += '\n'; };
  write_line(block.line);
  for (const Block& inner : block.inner) {
    write_block(text, mark, inner);
  }
  if (!block.close.empty()) {
    write_line(block.close);
  }
}

using BlockIndex = std::unordered_map<std::string_view, std::size_t>;

BlockIndex index_of(const std::vector<Block>& blocks) {
  BlockIndex index;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    index.emplace(blocks[i].name(), i);
  }
  return index;
}

class LineComparison {
 public:
  explicit LineComparison(const ConfigCommands& commands) : commands_(commands) {}

  // Both sides are in canonical order: the blocks in both have the same order, so one pass merges them.
  std::string compare(std::vector<Block>& before, std::vector<Block>& after) {
    name_objects(before, index_of(after));
    name_objects(after, index_of(before));
    const BlockIndex in_before = index_of(before);
    const BlockIndex in_after = index_of(after);
    std::string text;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < before.size() || j < after.size()) {
      if (i < before.size() && !in_after.contains(before[i].name())) {
        write_block(text, '-', before[i++]);
      } else if (j < after.size() && !in_before.contains(after[j].name())) {
        write_block(text, '+', after[j++]);
      } else if (i < before.size() && j < after.size() && before[i].name() == after[j].name()) {
        text += compare(before[i++], after[j++]);
      } else if (i < before.size()) {
        write_block(text, '-', before[i++]);  // not in canonical order: shown as removed and added
      } else {
        write_block(text, '+', after[j++]);
      }
    }
    return text;
  }

 private:
  // If the other side lacks the line that opens a block, it may open the same block by another line.
  void name_objects(std::vector<Block>& blocks, const BlockIndex& lines_of_the_other) const {
    for (Block& block : blocks) {
      if (!block.close.empty() && !lines_of_the_other.contains(block.line)) {
        block.object = commands_.opened_object(context_, block.line);
      }
    }
  }

  // Compares one block; its line is context if it has not changed.
  std::string compare(Block& before, Block& after) {
    context_.emplace_back(after.line);
    const std::string inner = compare(before.inner, after.inner);
    context_.pop_back();
    const bool same_line = before.line == after.line;
    if (inner.empty() && same_line) {
      return {};
    }
    const std::string opening =
        same_line ? fmt::format(" {}\n", after.line) : fmt::format("-{}\n+{}\n", before.line, after.line);
    const std::string_view close = after.close.empty() ? before.close : after.close;
    return opening + inner + (close.empty() ? std::string() : fmt::format(" {}\n", close));
  }

  const ConfigCommands& commands_;
  Context context_;  // of the blocks that are being compared
};

// ---- conflicts

using ByPath = std::map<std::string_view, const Edit*>;

// The edit of `theirs` that removes a node above `path`, or nullptr.
const Edit* removal_above(const ByPath& theirs, std::string_view path) {
  for (std::size_t end = path.rfind('/'); end != 0 && end != std::string_view::npos; end = path.rfind('/', end - 1)) {
    const auto found = theirs.find(path.substr(0, end));
    if (found != theirs.end() && found->second->kind == Edit::Kind::remove) {
      return found->second;
    }
  }
  return nullptr;
}

// The edit of `theirs` that sets a node below `path`, or nullptr.
const Edit* setting_below(const ByPath& theirs, const std::string& path) {
  const std::string below = path + "/";
  for (auto at = theirs.lower_bound(below); at != theirs.end() && at->first.starts_with(below); ++at) {
    if (at->second->kind == Edit::Kind::set) {
      return at->second;
    }
  }
  return nullptr;
}

const Edit* opponent(const Edit& mine, const ByPath& theirs) {
  if (const auto same = theirs.find(mine.path); same != theirs.end()) {
    return *same->second == mine ? nullptr : same->second;
  }
  switch (mine.kind) {
    case Edit::Kind::set:
      return removal_above(theirs, mine.path);
    case Edit::Kind::remove:
      return setting_below(theirs, mine.path);
  }
  return nullptr;
}

}  // namespace

std::vector<Edit> difference(const DataNode& before, const DataNode& after) {
  Comparison comparison;
  comparison.compare(before, after, "");
  return comparison.take();
}

std::string unified_diff(const ConfigCommands& commands, std::string_view before, std::string_view after) {
  std::vector<Block> old_blocks = parse_blocks(before, 0);
  std::vector<Block> new_blocks = parse_blocks(after, 0);
  return LineComparison(commands).compare(old_blocks, new_blocks);
}

std::vector<Conflict> conflicts(const std::vector<Edit>& mine, const std::vector<Edit>& theirs) {
  ByPath by_path;
  for (const Edit& edit : theirs) {
    by_path.emplace(edit.path, &edit);
  }
  std::vector<Conflict> found;
  for (const Edit& edit : mine) {
    if (const Edit* const other = opponent(edit, by_path)) {
      found.push_back({edit, *other});
    }
  }
  return found;
}

}  // namespace tandem::cli
