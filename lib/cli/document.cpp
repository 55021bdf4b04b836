// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/document.h"

#include <algorithm>
#include <map>
#include <set>

#include "lib/cli/command_table.h"
#include "lib/cli/config_commands.h"
#include "lib/cli/value.h"

namespace tandem::cli {
namespace {

// A container of this name holds the values for entries of a list that do not set a leaf of the same name
// (doc/decisions/0003).
constexpr std::string_view kDefaultContainer = "default";

// ---- examples

// The value of the leaf as a command spells it.
std::string example_value(const SchemaNode& leaf) {
  if (!leaf.cli.example.empty()) {
    return leaf.cli.example;
  }
  switch (leaf.type.kind) {
    case ValueKind::number:
      return to_command(leaf, leaf.default_value.value_or(std::to_string(leaf.type.minimum))).value_or("");
    case ValueKind::enumeration:
      return leaf.type.values.empty() ? std::string() : leaf.type.values.front().name;
    case ValueKind::word:
    case ValueKind::line:
      return leaf.name;
    case ValueKind::boolean:
      return {};
    case ValueKind::ipv4_address:
      return "192.0.2.1";  // RFC 5737, RFC 3849: addresses for documentation
    case ValueKind::ipv6_address:
      return "2001:db8::1";
  }
  return {};
}

bool has_value(const SchemaNode& node) { return node.kind == NodeKind::leaf || node.kind == NodeKind::leaf_list; }

// The leaf that a command of `node` binds by this name: the node, a child, or a node above it.
const SchemaNode* bound_leaf(const SchemaNode& node, std::string_view binding) {
  for (const SchemaNode* above = &node; above != nullptr; above = above->parent) {
    if (has_value(*above) && binding_name(*above) == binding) {
      return above;
    }
    for (const auto& child : above->children) {
      if (has_value(*child) && binding_name(*child) == binding) {
        return child.get();
      }
    }
  }
  return nullptr;
}

void add_words(const Element& syntax, std::vector<std::string>& words, const ExampleValues& values) {
  switch (syntax.kind) {
    case Element::Kind::token:
      words.push_back(syntax.token.kind == TokenKind::keyword ? syntax.token.text : values(syntax.token));
      return;
    case Element::Kind::sequence:
      for (const Element& child : syntax.children) {
        add_words(child, words, values);
      }
      return;
    case Element::Kind::choice:
    case Element::Kind::any_order:
      if (!syntax.children.empty()) {
        add_words(syntax.children.front(), words, values);
      }
      return;
    case Element::Kind::optional:
      return;
  }
}

// ---- contents of a page

void collect_tokens(const Element& syntax, std::vector<WordPage>& words) {
  if (syntax.kind == Element::Kind::token && !syntax.token.help.empty() &&
      std::ranges::find(words, syntax.token.text, &WordPage::word) == words.end()) {
    words.push_back({syntax.token.text, syntax.token.help});
  }
  for (const Element& child : syntax.children) {
    collect_tokens(child, words);
  }
}

std::string default_of(const SchemaNode& leaf) {
  if (!leaf.default_value) {
    return {};
  }
  if (leaf.type.kind == ValueKind::boolean) {
    return *leaf.default_value == "true" ? "on" : "off";
  }
  return to_command(leaf, *leaf.default_value).value_or(*leaf.default_value);
}

const SchemaNode* general_default(const SchemaNode& node, std::string_view name) {
  if (node.name == kDefaultContainer) {
    return node.child(name);
  }
  for (const auto& child : node.children) {
    if (const SchemaNode* found = general_default(*child, name)) {
      return found;
    }
  }
  return nullptr;
}

// The words before the commands of the node, "vrrp default".
std::string prefixes_of(const SchemaNode& node) {
  std::string words;
  for (const SchemaNode* above = node.parent; above != nullptr; above = above->parent) {
    words.insert(0, words.empty() || above->cli.prefix.empty() ? "" : " ");
    words.insert(0, above->cli.prefix);
  }
  return words;
}

class ConfigurationPages {
 public:
  explicit ConfigurationPages(const Schema& schema) : schema_(schema), table_(build_command_table(schema)) {}

  std::vector<CommandPage> make() {
    std::map<const SchemaNode*, std::size_t> pages;
    for (const Command& command : table_.grammar.commands) {
      const Meaning& meaning = table_.meanings[command.id];
      if (meaning.node == nullptr || command.hidden) {
        continue;
      }
      const auto [place, is_new] = pages.try_emplace(meaning.node, pages_.size());
      if (is_new) {
        pages_.push_back(page_of(command, *meaning.node));
        openers_.try_emplace(command.enters_mode, example(command, *meaning.node));
      }
      pages_[place->second].forms.push_back(to_string(command.syntax));
    }
    std::ranges::stable_sort(pages_, {}, [](const CommandPage& page) { return page.mode != kConfigMode; });
    return std::move(pages_);
  }

 private:
  CommandPage page_of(const Command& command, const SchemaNode& node) {
    CommandPage page{.mode = command.mode,
                     .forms = {},
                     .description = node.description,
                     .default_value = {},
                     .words = {},
                     .example = {}};
    page.default_value = default_of(node);
    if (const SchemaNode* general = general_default(*schema_.root, node.name);
        page.default_value.empty() && general != nullptr && general != &node && general->kind == node.kind) {
      const std::string value = default_of(*general);
      page.default_value = fmt::format("as `{}` says{}{}", prefixes_of(*general), value.empty() ? "" : ", ", value);
    }
    collect_tokens(command.syntax, page.words);
    page.example.emplace_back("configure terminal");
    if (const auto opener = openers_.find(command.mode); opener != openers_.end()) {
      page.example.push_back(opener->second);
    }
    page.example.push_back(example(command, node));
    return page;
  }

  static std::string example(const Command& command, const SchemaNode& node) {
    return example_line(command.syntax, [&node](const Token& token) {
      const SchemaNode* leaf = bound_leaf(node, token.name);
      return leaf != nullptr ? example_value(*leaf) : token.text;
    });
  }

  const Schema& schema_;
  CommandTable table_;
  std::map<std::string, std::string> openers_;  // mode → the line that enters it
  std::vector<CommandPage> pages_;
};

}  // namespace

std::string example_line(const Element& syntax, const ExampleValues& values) {
  std::vector<std::string> words;
  add_words(syntax, words, values);
  return fmt::format("{}", fmt::join(words, " "));
}

std::vector<CommandPage> document_configuration(const Schema& schema) { return ConfigurationPages(schema).make(); }

std::vector<CommandPage> document_commands(const Grammar& grammar, const std::vector<std::string>& modes,
                                           const ExampleValues& values) {
  std::vector<CommandPage> pages;
  std::set<std::string> known;
  for (const std::string& mode : modes) {
    for (const Command& command : grammar.commands) {
      const std::string syntax = to_string(command.syntax);
      if (command.mode != mode || command.hidden || !known.insert(syntax).second) {
        continue;
      }
      CommandPage page{.mode = mode,
                       .forms = {syntax},
                       .description = {},
                       .default_value = {},
                       .words = {},
                       .example = {example_line(command.syntax, values)}};
      collect_tokens(command.syntax, page.words);
      pages.push_back(std::move(page));
    }
  }
  return pages;
}

}  // namespace tandem::cli
