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

bool is_boolean(const DataNode& leaf) { return leaf.schema->type.kind == ValueKind::boolean; }

bool is_false(const DataNode& leaf) { return is_boolean(leaf) && leaf.value == "false"; }

std::optional<std::string> leaf_value(const DataNode& leaf) { return to_command(*leaf.schema, leaf.value); }

// The value of a leaf as a line has it, with "/LENGTH" if a sibling holds a prefix length.
std::optional<std::string> value_with_length(const DataNode& leaf, const DataNode& parent) {
  auto value = leaf_value(leaf);
  const DataNode* const length = leaf.schema->cli.slash.empty() ? nullptr : parent.child(leaf.schema->cli.slash);
  if (value && length != nullptr) {
    *value += "/" + length->value;
  }
  return value;
}

std::optional<std::string> value_alone(const DataNode& leaf, const DataNode&) { return leaf_value(leaf); }

using LeafValue = std::optional<std::string> (*)(const DataNode& leaf, const DataNode& parent);

// The template of a container or list entry, or of its prefix, with the values of its leaves.
std::optional<std::string> render(const std::string& text, const DataNode& node, LeafValue value = &value_with_length) {
  return render_template(text, [&](std::string_view name) -> std::optional<std::string> {
    const DataNode* const leaf = node.child(name);
    return leaf == nullptr ? std::nullopt : value(*leaf, node);
  });
}

// The words and the value of a leaf's own command.
std::optional<std::string> render_leaf(const DataNode& leaf) {
  return render_template(command_template(*leaf.schema), [&](std::string_view) { return leaf_value(leaf); });
}

bool is_negative(const DataNode& container) {
  const SchemaNode* const leaf = negative_leaf(*container.schema);
  const DataNode* const data = leaf == nullptr ? nullptr : container.child(leaf->name);
  return data != nullptr && data->value == leaf->cli.negative;
}

// Writes the commands of one mode; blocks of inner modes come after them.
class Printer {
 public:
  Printer(Style style, std::size_t depth) : style_(style), indent_(depth, ' '), depth_(depth) {}

  void print_children(const DataNode& node, const std::string& prefix) {
    for (const auto& schema : node.schema->children) {
      for (const DataNode& child : node.children) {
        if (child.schema == schema.get()) {
          print_node(child, prefix);
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
  void print_node(const DataNode& node, const std::string& prefix) {
    switch (node.schema->kind) {
      case NodeKind::leaf:
        print_leaf(node, prefix);
        return;
      case NodeKind::leaf_list:
        if (!node.schema->cli.command.empty()) {
          write(lists_, {}, prefix, render_leaf(node), node);
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

  void print_leaf(const DataNode& leaf, const std::string& prefix) {
    if (style_ == Style::separate) {
      print_separate_leaf(leaf, prefix);
      return;
    }
    const bool elsewhere = is_written_elsewhere(*leaf.schema) && !(leaf.schema->cli.print_inline && is_false(leaf));
    if (!elsewhere && !leaf.schema->cli.command.empty()) {
      write(commands_, is_false(leaf) ? "no" : "", prefix, render_leaf(leaf), leaf);
    }
  }

  void print_separate_leaf(const DataNode& leaf, const std::string& prefix) {
    const SchemaNode& schema = *leaf.schema;
    const bool has_line = !is_written_elsewhere(schema) || is_prefix_length(schema) || is_separate_inline(schema);
    if (!has_line || schema.cli.command.empty()) {
      return;
    }
    auto words = render_leaf(leaf);
    if (words && is_boolean(leaf)) {
      append_words(*words, is_false(leaf) ? kOff : kOn);
    }
    write(commands_, {}, prefix, words, leaf);
  }

  // The list entry has a line without the leaves after its keys, and each of those leaves a line of its own.
  bool is_separate_inline(const SchemaNode& leaf) const {
    return style_ == Style::separate && leaf.cli.print_inline && leaf.parent->kind == NodeKind::list;
  }

  // Prints a container, or a list entry without a mode: its own line if it has a command, then its children.
  void print_container(const DataNode& node, const std::string& prefix) {
    const std::string& command = node.schema->cli.command;
    if (is_negative(node) && style_ == Style::running_config) {
      write(commands_, "no", prefix, leading_words(command), node);
    } else if (!command.empty()) {
      write(commands_, {}, prefix, line_of(node), node);
    }
    std::string inner = prefix;
    const auto own_prefix = render(prefix_template(*node.schema), node, &value_alone);
    if (own_prefix) {  // otherwise the entry's line is missing already
      append_words(inner, *own_prefix);
      print_children(node, inner);
    }
  }

  std::optional<std::string> line_of(const DataNode& node) const {
    const LeafValue value = style_ == Style::separate ? &value_alone : &value_with_length;
    auto line = render(node.schema->cli.command, node, value);
    for (const SchemaNode* leaf : leaves_on_line(*node.schema)) {
      const bool on_this_line = leaf->cli.print_inline && !is_separate_inline(*leaf);
      const DataNode* const data = on_this_line ? node.child(leaf->name) : nullptr;
      if (line && data != nullptr && !is_false(*data)) {
        const auto words = render_leaf(*data);
        line = words ? std::optional(*line + " " + *words) : std::nullopt;
      }
    }
    return line;
  }

  void print_mode(const DataNode& node, const std::string& prefix) {
    Printer inner(style_, depth_ + 1);
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

  // Writes one line. A value that no command can express becomes a comment, so that the reader sees that it is missing.
  void write(std::string& to, std::string_view verb, const std::string& prefix, const std::optional<std::string>& words,
             const DataNode& node) const {
    std::string line(verb);
    append_words(line, prefix);
    append_words(line, words.value_or(node.schema->name));
    to += words ? indent_ + line + "\n" : indent_ + "! " + line + ": the value cannot be written as a command\n";
  }

  Style style_;
  std::string indent_;
  std::size_t depth_;
  std::string commands_;
  std::string lists_;
  std::string blocks_;
};

}  // namespace

std::string print_commands(const DataNode& root, Style style) {
  Printer printer(style, 0);
  printer.print_children(root, "");
  return printer.take();
}

}  // namespace tandem::cli
