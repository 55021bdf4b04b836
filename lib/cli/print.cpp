// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/print.h"

#include <algorithm>
#include <optional>

#include "lib/cli/command_table.h"
#include "lib/cli/template.h"
#include "lib/cli/value.h"

namespace tandem::cli {
namespace {

void append_words(std::string& text, std::string_view words) {
  text += text.empty() || words.empty() ? "" : " ";
  text += words;
}

// The value of a leaf as it stands on a line, with "/LENGTH" if a sibling holds one.
std::optional<std::string> line_value(const DataNode& leaf, const DataNode& parent) {
  auto value = to_command(*leaf.schema, leaf.value);
  const DataNode* const length = leaf.schema->cli.slash.empty() ? nullptr : parent.child(leaf.schema->cli.slash);
  if (value && length != nullptr) {
    *value += "/" + length->value;
  }
  return value;
}

// The template of a container or list entry, or of its prefix, with its leaves' values.
std::optional<std::string> render(const std::string& text, const DataNode& node) {
  return render_template(text, [&node](std::string_view name) -> std::optional<std::string> {
    const DataNode* const leaf = node.child(name);
    return leaf == nullptr ? std::nullopt : line_value(*leaf, node);
  });
}

// The words of a leaf's own command with its value.
std::optional<std::string> render_leaf(const DataNode& leaf, const DataNode& parent) {
  return render_template(command_template(*leaf.schema), [&](std::string_view) { return line_value(leaf, parent); });
}

bool is_false(const DataNode& leaf) { return leaf.schema->type.kind == ValueKind::boolean && leaf.value == "false"; }

bool is_negative(const DataNode& container) {
  const SchemaNode* const leaf = negative_leaf(*container.schema);
  const DataNode* const data = leaf == nullptr ? nullptr : container.child(leaf->name);
  return data != nullptr && data->value == leaf->cli.negative;
}

// Writes the commands of one mode; blocks of inner modes come after them.
class Printer {
 public:
  explicit Printer(std::size_t depth) : indent_(depth, ' '), depth_(depth) {}

  void print_children(const DataNode& node, const std::string& prefix) {
    for (const auto& schema : node.schema->children) {
      for (const DataNode& child : node.children) {
        if (child.schema == schema.get()) {
          print_node(child, node, prefix);
        }
      }
    }
  }

  std::string take() {
    // Only the outermost level has `!` between its groups.
    const std::string_view separator = depth_ == 0 ? "!\n" : "";
    std::string text;
    for (const std::string* group : {&commands_, &lists_}) {
      if (!group->empty()) {
        text += *group;
        text += separator;
      }
    }
    return text + blocks_;
  }

 private:
  void print_node(const DataNode& node, const DataNode& parent, const std::string& prefix) {
    switch (node.schema->kind) {
      case NodeKind::leaf:
        print_leaf(node, parent, prefix);
        return;
      case NodeKind::leaf_list:
        if (!node.schema->cli.command.empty()) {
          write(lists_, {}, prefix, render_leaf(node, parent), node);
        }
        return;
      case NodeKind::container:
        print_container(node, prefix);
        return;
      case NodeKind::list:
        if (node.schema->cli.command.empty()) {
          return;  // one of ConfigCommands::problems()
        }
        if (is_mode(*node.schema)) {
          print_mode(node, prefix);
        } else {
          print_container(node, prefix);
        }
        return;
    }
  }

  void print_leaf(const DataNode& leaf, const DataNode& parent, const std::string& prefix) {
    const bool elsewhere = is_written_elsewhere(*leaf.schema) && !(leaf.schema->cli.print_inline && is_false(leaf));
    if (!elsewhere && !leaf.schema->cli.command.empty()) {
      write(commands_, is_false(leaf) ? "no" : "", prefix, render_leaf(leaf, parent), leaf);
    }
  }

  // A container, or a list entry that is no mode: its own line if it has a command, then its children.
  void print_container(const DataNode& node, const std::string& prefix) {
    if (is_negative(node)) {
      write(commands_, "no", prefix, leading_words(node.schema->cli.command), node);
    } else if (!node.schema->cli.command.empty()) {
      auto line = render(node.schema->cli.command, node);
      for (const SchemaNode* leaf : leaves_on_line(*node.schema)) {
        const DataNode* const data = leaf->cli.print_inline ? node.child(leaf->name) : nullptr;
        if (line && data != nullptr && !is_false(*data)) {
          const auto words = render_leaf(*data, node);
          line = words ? std::optional(*line + " " + *words) : std::nullopt;
        }
      }
      write(commands_, {}, prefix, line, node);
    }
    std::string inner = prefix;
    const auto own_prefix = render(prefix_template(*node.schema), node);
    if (own_prefix) {  // otherwise the entry's line is missing already
      append_words(inner, *own_prefix);
      print_children(node, inner);
    }
  }

  void print_mode(const DataNode& node, const std::string& prefix) {
    Printer inner(depth_ + 1);
    const auto inner_prefix = render(node.schema->cli.prefix, node);
    inner.print_children(node, inner_prefix.value_or(""));
    const std::string body = inner.take();
    const bool line_says_more = std::ranges::any_of(leaves_on_line(*node.schema), [&node](const SchemaNode* leaf) {
      return !leaf->is_key && node.child(leaf->name) != nullptr;
    });
    if (body.empty() && !line_says_more) {
      return;
    }
    const auto opening = render(node.schema->cli.command, node);
    write(blocks_, {}, prefix, opening, node);
    if (opening) {
      blocks_ += body + indent_ + "exit\n" + (depth_ == 0 ? "!\n" : "");
    }
  }

  // One line. A value that no command can carry leaves a comment: the reader must not believe that this is all.
  void write(std::string& to, std::string_view verb, const std::string& prefix, const std::optional<std::string>& words,
             const DataNode& node) const {
    std::string line(verb);
    append_words(line, prefix);
    append_words(line, words.value_or(node.schema->name));
    to += words ? indent_ + line + "\n" : indent_ + "! " + line + ": the value cannot be written as a command\n";
  }

  std::string indent_;
  std::size_t depth_;
  std::string commands_;
  std::string lists_;
  std::string blocks_;
};

}  // namespace

std::string print_commands(const DataNode& root) {
  Printer printer(0);
  printer.print_children(root, "");
  return printer.take();
}

}  // namespace tandem::cli
