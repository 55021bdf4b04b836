// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/grammar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>

namespace tandem::cli {
namespace {

bool is_structural(char c) { return std::string_view("[]{}<>|").find(c) != std::string_view::npos; }
constexpr std::size_t kMaxDepth = 16;     // nesting of brackets; a deeper one would be unreadable
constexpr std::size_t kMaxAnyOrder = 16;  // alternatives of {a|b}: matching walks their subsets

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_variable_name(std::string_view text) {
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  return !text.empty() && is_upper(text.front()) && std::ranges::all_of(text, [&](char c) {
    return is_upper(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

// "(1-255)"
bool parse_range(std::string_view text, Token& token) {
  if (text.size() < 5 || text.front() != '(' || text.back() != ')') {
    return false;
  }
  const char* const end = text.data() + text.size() - 1;
  const auto low = std::from_chars(text.data() + 1, end, token.minimum);
  if (low.ec != std::errc() || low.ptr == end || *low.ptr != '-') {
    return false;
  }
  const auto high = std::from_chars(low.ptr + 1, end, token.maximum);
  return high.ec == std::errc() && high.ptr == end && token.minimum >= 0 && token.minimum <= token.maximum;
}

std::optional<Token> make_token(std::string_view text) {
  Token token;
  token.text = text;
  token.name = text;
  struct Fixed {
    std::string_view text;
    TokenKind kind;
    PrefixLength prefix_length;
  };
  static constexpr std::array<Fixed, 6> kFixed = {{
      {"A.B.C.D", TokenKind::ipv4, PrefixLength::optional},
      {"A.B.C.D[/M]", TokenKind::ipv4_prefix, PrefixLength::optional},
      {"A.B.C.D/M", TokenKind::ipv4_prefix, PrefixLength::required},
      {"X:X::X:X", TokenKind::ipv6, PrefixLength::optional},
      {"X:X::X:X[/M]", TokenKind::ipv6_prefix, PrefixLength::optional},
      {"X:X::X:X/M", TokenKind::ipv6_prefix, PrefixLength::required},
  }};
  const auto* const fixed = std::ranges::find(kFixed, text, &Fixed::text);
  if (fixed != kFixed.end()) {
    token.kind = fixed->kind;
    token.prefix_length = fixed->prefix_length;
  } else if (text.front() == '(') {
    if (!parse_range(text, token)) {
      return std::nullopt;
    }
    token.kind = TokenKind::number;
  } else if (text.ends_with("...") && is_variable_name(text.substr(0, text.size() - 3))) {
    token.kind = TokenKind::line;
  } else if (is_variable_name(text)) {
    token.kind = TokenKind::word;
  }
  return token;
}

// Recursive descent over the syntax text.
class SyntaxParser {
 public:
  SyntaxParser(std::string_view text, const std::vector<TokenHelp>& helps) : text_(text), helps_(helps) {}

  base::Result<Element> parse() {
    auto syntax = parse_sequence(0);
    if (syntax && position_ < text_.size()) {
      return fail_here("unexpected");
    }
    return syntax;
  }

 private:
  base::Unexpected<base::Error> fail_here(std::string_view what) const {
    const std::string found = position_ < text_.size() ? fmt::format("'{}'", text_[position_]) : "end";
    return base::fail("syntax '{}': {} {} at position {}", text_, what, found, position_);
  }

  void skip_blanks() {
    while (position_ < text_.size() && is_blank(text_[position_])) {
      ++position_;
    }
  }

  base::Result<Element> parse_sequence(std::size_t depth) {
    Element sequence;
    for (skip_blanks(); position_ < text_.size(); skip_blanks()) {
      const char c = text_[position_];
      if (c == '|' || c == ']' || c == '}' || c == '>') {
        break;
      }
      auto item = c == '[' || c == '{' || c == '<' ? parse_brackets(depth + 1) : parse_word();
      if (!item) {
        return item;
      }
      sequence.children.push_back(std::move(*item));
    }
    if (sequence.children.empty()) {
      return fail_here("a word is missing before");
    }
    return sequence;
  }

  base::Result<Element> parse_brackets(std::size_t depth) {
    if (depth > kMaxDepth) {
      return fail_here("too deep nesting:");
    }
    Element element;
    const char open = text_[position_];
    const char close = open == '[' ? ']' : open == '{' ? '}' : '>';
    element.kind = open == '['   ? Element::Kind::optional
                   : open == '{' ? Element::Kind::any_order
                                 : Element::Kind::choice;
    do {
      ++position_;
      auto alternative = parse_sequence(depth);
      if (!alternative) {
        return alternative;
      }
      const bool single = alternative->children.size() == 1;
      element.children.push_back(single ? Element(alternative->children.front()) : std::move(*alternative));
    } while (position_ < text_.size() && text_[position_] == '|');
    if (position_ >= text_.size() || text_[position_] != close) {
      return fail_here(fmt::format("expected '{}' before", close));
    }
    ++position_;
    if (element.kind == Element::Kind::any_order && element.children.size() > kMaxAnyOrder) {
      return base::fail("syntax '{}': more than {} alternatives in any order", text_, kMaxAnyOrder);
    }
    return element;
  }

  base::Result<Element> parse_word() {
    const std::size_t begin = position_;
    while (position_ < text_.size() && !is_blank(text_[position_]) && !is_structural(text_[position_])) {
      ++position_;
    }
    if (text_.substr(position_).starts_with("[/M]")) {  // belongs to the address before it
      position_ += 4;
    }
    auto token = make_token(text_.substr(begin, position_ - begin));
    if (!token) {
      position_ = begin;
      return fail_here("not a range:");
    }
    add_help(*token);
    Element element;
    element.kind = Element::Kind::token;
    element.token = std::move(*token);
    return element;
  }

  void add_help(Token& token) {
    std::size_t& next = used_[token.text];
    std::size_t seen = 0;
    for (const TokenHelp& entry : helps_) {
      if (entry.token != token.text) {
        continue;
      }
      token.help = entry.help;
      token.name = entry.name.empty() ? token.text : std::string(entry.name);
      token.completer = entry.completer;
      if (seen++ == next) {
        ++next;
        return;
      }
    }
  }

  std::string_view text_;
  const std::vector<TokenHelp>& helps_;
  std::size_t position_ = 0;
  std::map<std::string, std::size_t> used_;  // how many entries of a token's text have been used
};

std::string join(const std::vector<Element>& children, std::string_view separator) {
  std::string text;
  for (const Element& child : children) {
    text += text.empty() ? "" : separator;
    text += to_string(child);
  }
  return text;
}

}  // namespace

base::Result<Element> parse_syntax(std::string_view text, const std::vector<TokenHelp>& helps) {
  return SyntaxParser(text, helps).parse();
}

std::string to_string(const Element& syntax) {
  switch (syntax.kind) {
    case Element::Kind::token:
      return syntax.token.text;
    case Element::Kind::sequence:
      return join(syntax.children, " ");
    case Element::Kind::choice:
      return "<" + join(syntax.children, "|") + ">";
    case Element::Kind::any_order:
      return "{" + join(syntax.children, "|") + "}";
    case Element::Kind::optional:
      return "[" + join(syntax.children, "|") + "]";
  }
  return {};
}

}  // namespace tandem::cli
