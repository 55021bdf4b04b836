// SPDX-License-Identifier: Apache-2.0
#include "lib/yang/json_duplicates.h"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace tandem::yang {
namespace {

// Deeper than any of our models; a deeper value is an error anyway.
constexpr std::size_t kMaxDepth = 64;

// An object or array that is open.
struct Level {
  bool array = false;
  const cli::SchemaNode* schema = nullptr;         // the node of its content; nullptr: unknown to the model
  const cli::SchemaNode* member = nullptr;         // of an object: the member whose value comes next
  std::unordered_set<std::string> seen = {};       // names of members; keys of entries
  std::map<std::string, std::string> values = {};  // of an object: its scalar members
};

class Scanner {
 public:
  Scanner(const cli::Schema& schema, std::string_view text) : root_(*schema.root), text_(text) {}

  std::optional<Problem> run() {
    while (!duplicate_ && step()) {
    }
    return duplicate_;
  }

 private:
  // False: the end, or text that is not JSON.
  bool step() {
    at_ = std::min(text_.find_first_not_of(" \t\r\n,", at_), text_.size());
    if (at_ == text_.size()) {
      return false;
    }
    switch (text_[at_]) {
      case '{':
        return open(false);
      case '[':
        return open(true);
      case '}':
      case ']':
        return close();
      default:
        return levels_.empty() ? false : scalar();
    }
  }

  bool open(bool array) {
    if (levels_.size() == kMaxDepth) {
      return false;
    }
    const cli::SchemaNode* schema = levels_.empty() ? &root_ : value_schema();
    levels_.push_back({.array = array, .schema = schema});
    ++at_;
    return true;
  }

  bool close() {
    if (levels_.empty()) {
      return false;
    }
    const Level done = std::move(levels_.back());
    levels_.pop_back();
    ++at_;
    if (!done.array && !levels_.empty() && levels_.back().array && done.schema != nullptr) {
      note_entry(done);
    }
    return !levels_.empty();
  }

  void note_entry(const Level& entry) {
    std::string keys;
    for (const std::string& key : entry.schema->keys) {
      const auto value = entry.values.find(key);
      if (value == entry.values.end()) {
        return;  // not an entry
      }
      keys += value->second + '\0';
    }
    if (!entry.schema->keys.empty() && !levels_.back().seen.insert(keys).second) {
      report(*entry.schema);
    }
  }

  // The name of a member, or a value that is neither an object nor an array.
  bool scalar() {
    const std::optional<std::string> text = text_[at_] == '"' ? string() : word();
    if (!text) {
      return false;
    }
    Level& level = levels_.back();
    const std::size_t colon = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
    if (!level.array && colon < text_.size() && text_[colon] == ':') {
      at_ = colon + 1;
      name_member(level, *text);
    } else if (!level.array && level.member != nullptr) {
      level.values[level.member->name] = *text;
    } else if (level.array && level.schema != nullptr && level.schema->kind == cli::NodeKind::leaf_list &&
               !level.seen.insert(*text).second) {
      report(*level.schema);
    }
    return true;
  }

  void name_member(Level& level, const std::string& name) {
    const std::size_t colon = name.find(':');
    const std::string_view local = std::string_view(name).substr(colon == std::string::npos ? 0 : colon + 1);
    level.member = level.schema == nullptr ? nullptr : level.schema->child(local);
    if (!level.seen.insert(name).second && level.member != nullptr) {
      report(*level.member);
    }
  }

  // The schema node of the object or array that begins here; the array of a list and its entries have that list.
  const cli::SchemaNode* value_schema() const {
    return levels_.back().array ? levels_.back().schema : levels_.back().member;
  }

  // Without its quotes. Keeps escapes unchanged, which can only miss a duplicate.
  std::optional<std::string> string() {
    const std::size_t begin = ++at_;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == '"') {
        return std::string(text_.substr(begin, at_++ - begin));
      }
    }
    return std::nullopt;
  }

  std::optional<std::string> word() {
    const std::size_t end = std::min(text_.find_first_of(" \t\r\n,:{}[]\"", at_), text_.size());
    if (end == at_) {
      return std::nullopt;
    }
    const std::size_t begin = std::exchange(at_, end);
    return std::string(text_.substr(begin, end - begin));
  }

  void report(const cli::SchemaNode& node) {
    std::string path;
    for (const cli::SchemaNode* each = &node; each != nullptr && !each->name.empty(); each = each->parent) {
      const bool top = each->parent == nullptr || each->parent->module != each->module;
      path.insert(0, (top ? "/" + each->module + ":" : "/") + each->name);
    }
    duplicate_ = Problem{path, "an entry of " + node.name + " is there twice",
                         static_cast<std::size_t>(std::ranges::count(text_.substr(0, at_), '\n')) + 1};
  }

  const cli::SchemaNode& root_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Level> levels_;
  std::optional<Problem> duplicate_;
};

}  // namespace

std::optional<Problem> find_duplicate(const cli::Schema& schema, std::string_view json) {
  return Scanner(schema, json).run();
}

}  // namespace tandem::yang
