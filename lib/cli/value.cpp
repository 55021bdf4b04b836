// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/value.h"

#include <algorithm>
#include <charconv>

#include "lib/base/ip.h"

namespace tandem::cli {
namespace {

std::string upper_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

// "IFNAME"; without the dots of "LINE...".
std::string placeholder_of(const SchemaNode& leaf) {
  std::string text = leaf.cli.placeholder.empty() ? upper_case(leaf.name) : leaf.cli.placeholder;
  return text.ends_with("...") ? text.substr(0, text.size() - 3) : text;
}

std::int64_t characters(std::string_view text) {
  return std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

base::Result<std::string> number_to_model(const SchemaNode& leaf, std::string_view text) {
  std::int64_t value = 0;
  const auto [ptr, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::int64_t factor = leaf.cli.multiplier;
  if (error != std::errc() || ptr != text.data() + text.size() || value < leaf.type.minimum * factor ||
      value > leaf.type.maximum * factor) {
    return base::fail("Value of {} must be a number from {} to {}", leaf.name, leaf.type.minimum * factor,
                      leaf.type.maximum * factor);
  }
  if (value % factor != 0) {
    return base::fail("Value must be a multiple of {}", factor);
  }
  return std::to_string(value / factor);
}

base::Result<std::string> text_to_model(const SchemaNode& leaf, std::string_view text) {
  const std::int64_t length = characters(text);
  if (length < leaf.type.minimum || (leaf.type.maximum > 0 && length > leaf.type.maximum)) {
    return base::fail("Value of {} must have {} to {} characters, not {}", leaf.name, leaf.type.minimum,
                      leaf.type.maximum, length);
  }
  return std::string(text);
}

base::Result<std::string> address_to_model(const SchemaNode& leaf, std::string_view text) {
  const auto address = base::IpAddress::parse(text);
  if (!address) {
    return base::fail("Value of {} is not an address: {}", leaf.name, text);
  }
  return address->to_string();
}

}  // namespace

std::string binding_name(const SchemaNode& leaf) {
  return leaf.parent == nullptr || leaf.parent->name.empty() ? leaf.name : leaf.parent->name + "/" + leaf.name;
}

std::vector<Element> enum_elements(const SchemaNode& leaf) {
  std::vector<Element> keywords;
  for (const EnumValue& value : leaf.type.values) {
    if (value.name == leaf.cli.negative) {
      continue;  // not typed: the `no` form sets it
    }
    Element element{.kind = Element::Kind::token, .token = {}, .children = {}};
    element.token.text = value.name;
    element.token.help = summary(value.help);
    element.token.name = binding_name(leaf);
    keywords.push_back(std::move(element));
  }
  return keywords;
}

Element value_element(const SchemaNode& leaf) {
  if (leaf.type.kind == ValueKind::enumeration) {
    return Element{.kind = Element::Kind::choice, .token = {}, .children = enum_elements(leaf)};
  }
  Element element{.kind = Element::Kind::token, .token = {}, .children = {}};
  Token& token = element.token;
  token.name = binding_name(leaf);
  token.help = leaf.cli.value_help.empty() ? summary(leaf.description) : leaf.cli.value_help;
  token.completer = leaf.cli.completer;
  const bool slash = !leaf.cli.slash.empty();
  switch (leaf.type.kind) {
    case ValueKind::number:
      token.kind = TokenKind::number;
      token.minimum = leaf.type.minimum * leaf.cli.multiplier;
      token.maximum = leaf.type.maximum * leaf.cli.multiplier;
      token.text = fmt::format("({}-{})", token.minimum, token.maximum);
      break;
    case ValueKind::ipv4_address:
      token.kind = slash ? TokenKind::ipv4_prefix : TokenKind::ipv4;
      token.text = slash ? "A.B.C.D[/M]" : "A.B.C.D";
      break;
    case ValueKind::ipv6_address:
      token.kind = slash ? TokenKind::ipv6_prefix : TokenKind::ipv6;
      token.text = slash ? "X:X::X:X[/M]" : "X:X::X:X";
      break;
    case ValueKind::line:
      token.kind = TokenKind::line;
      token.text = placeholder_of(leaf) + "...";
      break;
    case ValueKind::word:
    case ValueKind::boolean:
    case ValueKind::enumeration:
      token.kind = TokenKind::word;
      token.text = placeholder_of(leaf);
      break;
  }
  return element;
}

base::Result<std::string> to_model(const SchemaNode& leaf, std::string_view text) {
  switch (leaf.type.kind) {
    case ValueKind::number:
      return number_to_model(leaf, text);
    case ValueKind::word:
    case ValueKind::line:
      return text_to_model(leaf, text);
    case ValueKind::ipv4_address:
    case ValueKind::ipv6_address:
      return address_to_model(leaf, text);
    case ValueKind::boolean:
      return std::string(text == kOff ? "false" : "true");
    case ValueKind::enumeration:
      return std::string(text);
  }
  return std::string(text);
}

std::optional<std::string> to_command(const SchemaNode& leaf, const std::string& value) {
  if (leaf.type.kind == ValueKind::number && leaf.cli.multiplier != 1) {
    std::int64_t number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    return std::to_string(number * leaf.cli.multiplier);
  }
  const bool line = leaf.type.kind == ValueKind::line;
  const auto is_odd = [&](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || (c == ' ' && !line); };
  if (value.empty() || value.front() == ' ' || value.back() == ' ' || std::ranges::any_of(value, is_odd)) {
    return std::nullopt;
  }
  return value;
}

std::string summary(std::string_view description) {
  std::string text;
  for (const char c : description.substr(0, description.find(". "))) {
    const bool blank = c == ' ' || c == '\n' || c == '\t';
    if (!blank) {
      text += c;
    } else if (!text.empty() && text.back() != ' ') {
      text += ' ';
    }
  }
  while (text.ends_with(' ') || text.ends_with('.')) {
    text.pop_back();
  }
  return text;
}

}  // namespace tandem::cli
