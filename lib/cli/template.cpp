// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/template.h"

#include <algorithm>

#include "lib/cli/value.h"

namespace tandem::cli {
namespace {

enum class PieceKind { word, leaf, open, close, end, broken };

struct Piece {
  PieceKind kind;
  std::string_view text;
};

// Removes the next piece from the front of a template and returns it.
Piece next_piece(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  if (rest.empty()) {
    return {PieceKind::end, {}};
  }
  const auto cut = [&rest](std::size_t size) {
    const std::string_view text = rest.substr(0, size);
    rest.remove_prefix(size);
    return text;
  };
  if (rest.front() == '[' || rest.front() == ']') {
    return {rest.front() == '[' ? PieceKind::open : PieceKind::close, cut(1)};
  }
  if (rest.front() == '>') {
    return {PieceKind::broken, cut(rest.size())};
  }
  if (rest.front() != '<') {
    return {PieceKind::word, cut(std::min(rest.find_first_of(" []<>"), rest.size()))};
  }
  const std::size_t end = rest.find('>');
  if (end == std::string_view::npos) {
    return {PieceKind::broken, cut(rest.size())};
  }
  const std::string_view leaf = cut(end + 1);
  return {PieceKind::leaf, leaf.substr(1, leaf.size() - 2)};
}

bool is_leaf(const SchemaNode& node) { return node.kind == NodeKind::leaf || node.kind == NodeKind::leaf_list; }

const SchemaNode* find_leaf(const SchemaNode& node, std::string_view name) {
  if (is_leaf(node)) {
    return name == "value" || name == node.name ? &node : nullptr;
  }
  const SchemaNode* const child = node.child(name);
  return child != nullptr && is_leaf(*child) ? child : nullptr;
}

Element keyword(std::string_view text) {
  Element element{.kind = Element::Kind::token, .token = {}, .children = {}};
  element.token.text = text;
  return element;
}

base::Result<std::vector<Element>> parse_elements(std::string_view& rest, const SchemaNode& node, PieceKind until) {
  std::vector<Element> elements;
  for (;;) {
    const Piece piece = next_piece(rest);
    if (piece.kind == until) {
      return elements;
    }
    if (piece.kind == PieceKind::word) {
      elements.push_back(keyword(piece.text));
    } else if (piece.kind == PieceKind::leaf) {
      const SchemaNode* const leaf = find_leaf(node, piece.text);
      if (leaf == nullptr) {
        return base::fail("command of '{}': there is no leaf '{}'", node.name, piece.text);
      }
      if (until == PieceKind::close && !elements.empty()) {  // [word <leaf>]: the word gets the help of the leaf
        elements.back().token.help = leaf->cli.help.empty() ? summary(leaf->description) : leaf->cli.help;
      }
      elements.push_back(value_element(*leaf));
    } else if (piece.kind == PieceKind::open && until == PieceKind::end) {
      auto inner = parse_elements(rest, node, PieceKind::close);
      if (!inner) {
        return inner;
      }
      Element sequence{.kind = Element::Kind::sequence, .token = {}, .children = std::move(*inner)};
      elements.push_back({.kind = Element::Kind::optional, .token = {}, .children = {std::move(sequence)}});
    } else {
      return base::fail("command of '{}': brackets do not fit", node.name);
    }
  }
}

void append_word(std::string& text, std::string_view word) {
  text += text.empty() || word.empty() ? "" : " ";
  text += word;
}

std::optional<std::string> render_until(std::string_view& rest, const ValueSource& value, PieceKind until) {
  std::optional<std::string> text = "";
  for (Piece piece = next_piece(rest); piece.kind != until && piece.kind != PieceKind::end; piece = next_piece(rest)) {
    std::optional<std::string> part(piece.text);
    if (piece.kind == PieceKind::leaf) {
      part = value(piece.text);
    } else if (piece.kind == PieceKind::open) {
      part = render_until(rest, value, PieceKind::close).value_or("");
    }
    if (!part) {
      text.reset();  // the rest of the part is still parsed
    } else if (text) {
      append_word(*text, *part);
    }
  }
  return text;
}

}  // namespace

base::Result<std::vector<Element>> template_elements(std::string_view text, const SchemaNode& node) {
  return parse_elements(text, node, PieceKind::end);
}

std::optional<std::string> render_template(std::string_view text, const ValueSource& value) {
  return render_until(text, value, PieceKind::end);
}

std::string leading_words(std::string_view text) {
  std::string words;
  for (Piece piece = next_piece(text); piece.kind == PieceKind::word; piece = next_piece(text)) {
    append_word(words, piece.text);
  }
  return words;
}

bool names_leaf(std::string_view text, std::string_view leaf) {
  for (Piece piece = next_piece(text); piece.kind != PieceKind::end; piece = next_piece(text)) {
    if (piece.kind == PieceKind::leaf && piece.text == leaf) {
      return true;
    }
  }
  return false;
}

std::string command_template(const SchemaNode& node) {
  const bool has_value = is_leaf(node) && node.type.kind != ValueKind::boolean;
  const bool named = names_leaf(node.cli.command, "value") || names_leaf(node.cli.command, node.name);
  std::string text = node.cli.command;
  if (has_value && !named) {
    append_word(text, "<value>");
  }
  return text;
}

}  // namespace tandem::cli
