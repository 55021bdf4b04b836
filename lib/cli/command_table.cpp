// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/command_table.h"

#include <algorithm>
#include <map>

#include "lib/cli/config_text.h"
#include "lib/cli/template.h"
#include "lib/cli/value.h"

namespace tandem::cli {
namespace {

using Elements = std::vector<Element>;

constexpr std::string_view kNoHelp = "Negate a command or set its defaults";
constexpr std::string_view kDefaultHelp = "Set a command to its defaults";

Element make(Element::Kind kind, Elements children) {
  return Element{.kind = kind, .token = {}, .children = std::move(children)};
}

Element optional(Elements children) {
  return make(Element::Kind::optional, {make(Element::Kind::sequence, std::move(children))});
}

Element keyword(std::string_view text, std::string_view help) {
  Element element = make(Element::Kind::token, {});
  element.token.text = text;
  element.token.help = help;
  return element;
}

bool is_keyword(const Element& element) {
  return element.kind == Element::Kind::token && element.token.kind == TokenKind::keyword;
}

// The help of a node belongs to the last word of its command; words before it are explained by other commands.
void set_help(Elements& elements, const SchemaNode& node) {
  const auto last = std::find_if(elements.rbegin(), elements.rend(), is_keyword);
  if (last != elements.rend()) {
    last->token.help = node.cli.help.empty() ? summary(node.description) : node.cli.help;
  }
}

void append(Elements& to, Elements more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// The position of the walk over the schema.
struct Scope {
  std::string mode;
  Elements prefix;
};

class Builder {
 public:
  CommandTable build(const Schema& schema) {
    visit_children(*schema.root, {std::string(kConfigMode), {}});
    for (const std::string& text : schema.ignored) {
      auto syntax = parse_syntax(text, {});
      if (syntax) {
        add({.mode = std::string(kConfigMode), .syntax = std::move(*syntax), .hidden = true}, {nullptr, Verb::set});
      } else {
        table_.problems.push_back(syntax.error().message);
      }
    }
    fill_helps();
    return std::move(table_);
  }

 private:
  void visit_children(const SchemaNode& node, const Scope& scope) {
    for (const auto& child : node.children) {
      visit(*child, scope);
    }
  }

  void visit(const SchemaNode& node, const Scope& scope) {
    const bool has_command = !node.cli.command.empty();
    switch (node.kind) {
      case NodeKind::leaf:
        if (has_command) {
          add_leaf(node, scope);
        }
        return;
      case NodeKind::leaf_list:
        if (has_command) {
          add_leaf_list(node, scope);
        }
        return;
      case NodeKind::container:
        if (has_command) {
          add_container(node, scope);
        }
        break;
      case NodeKind::list:
        if (!has_command) {
          table_.problems.push_back(fmt::format("list '{}' has no command", node.name));
          return;
        }
        add_list(node, scope);
        break;
    }
    Scope inner = is_mode(node) ? Scope{node.cli.mode, {}} : scope;
    append(inner.prefix, parse(prefix_template(node), node));
    visit_children(node, inner);
  }

  void add_leaf(const SchemaNode& leaf, const Scope& scope) {
    const Elements set = parse(command_template(leaf), leaf);
    Elements words = set;
    if (!words.empty() && !is_keyword(words.back())) {
      words.pop_back();
    }
    Elements no = words;
    if (words.size() < set.size()) {
      no.push_back(optional({set.back()}));
    }
    if (!is_written_elsewhere(leaf) || is_prefix_length(leaf)) {
      add_form(leaf, scope, Verb::set, set);
    }
    add_form(leaf, scope, Verb::no, no);
    add_form(leaf, scope, Verb::to_default, words);
    if (leaf.type.kind == ValueKind::boolean) {
      add_undoable(leaf, scope, words, {keyword_of(leaf, kOn), keyword_of(leaf, kOff)});
    }
  }

  // Adds the hidden forms of Style::separate: `words VALUE` sets, and `no words VALUE` removes that setting. The plain
  // forms have no such inverse: `no vrrp 5 preempt` is a setting of its own.
  void add_undoable(const SchemaNode& node, const Scope& scope, const Elements& words, Elements values) {
    Elements line = words;
    line.push_back(make(Element::Kind::choice, std::move(values)));
    add_form(node, scope, Verb::set, line);
    table_.grammar.commands.back().hidden = true;
    add_form(node, scope, Verb::to_default, line);
    Command& undo = table_.grammar.commands.back();
    undo.hidden = true;
    undo.syntax.children.front() = keyword("no", kNoHelp);
  }

  static Element keyword_of(const SchemaNode& leaf, std::string_view text) {
    Element element = keyword(text, {});
    element.token.name = binding_name(leaf);
    return element;
  }

  void add_leaf_list(const SchemaNode& node, const Scope& scope) {
    Elements set = parse(command_template(node), node);
    if (node.type.kind != ValueKind::enumeration) {
      add_form(node, scope, Verb::set, set);
      add_form(node, scope, Verb::no, set);
      add_form(node, scope, Verb::to_default, set);
      return;
    }
    // Several values at once; without a value, all: FRR's `debug vrrp`.
    const auto value = std::find_if(set.rbegin(), set.rend(), [](const Element& e) { return !is_keyword(e); });
    if (value != set.rend()) {
      *value = make(Element::Kind::optional, {make(Element::Kind::any_order, enum_elements(node))});
    }
    add_form(node, scope, Verb::set, set);
    add_form(node, scope, Verb::no, set);
    std::erase_if(set, [](const Element& element) { return !is_keyword(element); });
    add_form(node, scope, Verb::to_default, set);
  }

  void add_container(const SchemaNode& node, const Scope& scope) {
    Elements set = parse(command_template(node), node);
    const auto values_begin = std::ranges::find_if_not(set, is_keyword);
    const Elements words(set.begin(), values_begin);
    Elements values(values_begin, set.end());
    append(values, inline_elements(node));
    append(set, inline_elements(node));
    Elements no = words;
    const bool is_optional = values.size() == 1 && values.front().kind == Element::Kind::optional;
    if (is_optional) {
      append(no, std::move(values));
    } else if (!values.empty()) {
      no.push_back(optional(std::move(values)));
    }
    add_form(node, scope, Verb::set, set);
    add_form(node, scope, Verb::no, no);
    add_form(node, scope, Verb::to_default, words);
    if (const SchemaNode* const leaf = negative_leaf(node)) {
      add_undoable(node, scope, words, {keyword_of(*leaf, leaf->cli.negative)});
    }
  }

  void add_list(const SchemaNode& node, const Scope& scope) {
    const Elements entry = parse(node.cli.command, node);
    for (const std::string& key : node.keys) {
      if (!names_leaf(node.cli.command, key)) {
        table_.problems.push_back(fmt::format("command of list '{}' does not name its key '{}'", node.name, key));
      }
    }
    Elements set = entry;
    append(set, inline_elements(node));
    add_form(node, scope, Verb::set, set);
    add_form(node, scope, Verb::no, entry);
    add_form(node, scope, Verb::to_default, entry);
  }

  // [version (2-3)] and similar: leaves that may follow the command of their parent.
  Elements inline_elements(const SchemaNode& node) {
    Elements elements;
    for (const auto& child : node.children) {
      if (child->kind != NodeKind::leaf || !child->cli.print_inline) {
        continue;
      }
      Elements leaf = parse(command_template(*child), *child);
      if (child->type.kind == ValueKind::boolean && !leaf.empty()) {
        leaf.back().token.name = binding_name(*child);
      }
      elements.push_back(optional(std::move(leaf)));
    }
    return elements;
  }

  Elements parse(const std::string& text, const SchemaNode& node) {
    auto elements = template_elements(text, node);
    if (!elements) {
      table_.problems.push_back(elements.error().message);
      return {};
    }
    set_help(*elements, node);
    return std::move(*elements);
  }

  void add_form(const SchemaNode& node, const Scope& scope, Verb verb, const Elements& own) {
    Elements elements;
    switch (verb) {
      case Verb::set:
        break;
      case Verb::no:
        elements.push_back(keyword("no", kNoHelp));
        break;
      case Verb::to_default:
        elements.push_back(keyword("default", kDefaultHelp));
        break;
    }
    append(elements, scope.prefix);
    append(elements, own);
    if (own.empty()) {
      return;  // its problem is recorded already
    }
    Command command{.mode = scope.mode, .syntax = make(Element::Kind::sequence, std::move(elements))};
    command.enters_mode = verb == Verb::set && is_mode(node) ? node.cli.mode : std::string();
    command.hidden = node.cli.hidden;
    add(std::move(command), {&node, verb});
  }

  void add(Command command, Meaning meaning) {
    command.id = static_cast<std::uint32_t>(table_.meanings.size());
    command.kind = CommandKind::configuration;
    table_.grammar.commands.push_back(std::move(command));
    table_.meanings.push_back(meaning);
  }

  // A keyword without help gets the help of the same keyword elsewhere.
  void fill_helps() {
    std::map<std::string, std::string> helps;
    for (const Command& command : table_.grammar.commands) {
      collect_helps(command.syntax, helps);
    }
    for (Command& command : table_.grammar.commands) {
      fill(command.syntax, helps);
    }
  }

  static void collect_helps(const Element& element, std::map<std::string, std::string>& helps) {
    if (is_keyword(element) && !element.token.help.empty()) {
      helps.try_emplace(element.token.text, element.token.help);
    }
    for (const Element& child : element.children) {
      collect_helps(child, helps);
    }
  }

  static void fill(Element& element, const std::map<std::string, std::string>& helps) {
    const auto found = helps.find(element.token.text);
    if (is_keyword(element) && element.token.help.empty() && found != helps.end()) {
      element.token.help = found->second;
    }
    for (Element& child : element.children) {
      fill(child, helps);
    }
  }

  CommandTable table_;
};

}  // namespace

CommandTable build_command_table(const Schema& schema) { return Builder().build(schema); }

std::vector<const SchemaNode*> leaves_on_line(const SchemaNode& node) {
  std::vector<const SchemaNode*> leaves;
  for (const auto& child : node.children) {
    if (child->kind == NodeKind::leaf && (child->cli.print_inline || names_leaf(node.cli.command, child->name))) {
      leaves.push_back(child.get());
    }
  }
  return leaves;
}

const SchemaNode* negative_leaf(const SchemaNode& container) {
  for (const SchemaNode* leaf : leaves_on_line(container)) {
    if (!leaf->cli.negative.empty()) {
      return leaf;
    }
  }
  return nullptr;
}

bool is_written_elsewhere(const SchemaNode& leaf) {
  if (leaf.parent == nullptr || leaf.kind != NodeKind::leaf) {
    return false;
  }
  return leaf.is_key || leaf.cli.print_inline || names_leaf(leaf.parent->cli.command, leaf.name) ||
         is_prefix_length(leaf);
}

bool is_prefix_length(const SchemaNode& leaf) {
  return leaf.parent != nullptr &&
         std::ranges::any_of(leaf.parent->children, [&](const auto& other) { return other->cli.slash == leaf.name; });
}

std::string prefix_template(const SchemaNode& node) {
  const bool is_plain_list = node.kind == NodeKind::list && !is_mode(node);
  return node.cli.prefix.empty() && is_plain_list ? node.cli.command : node.cli.prefix;
}

bool is_mode(const SchemaNode& node) { return node.kind == NodeKind::list && !node.cli.mode.empty(); }

}  // namespace tandem::cli
