// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/token.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "lib/base/ip.h"

namespace tandem::cli {
namespace {

constexpr std::size_t kMaxAddressLength = 64;  // a longer word is no address and is not copied

// Decimal digits only: no sign, no blank, no hexadecimal.
std::optional<std::int64_t> parse_decimal(std::string_view text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [ptr, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || text.front() == '-' || error != std::errc() || ptr != end) {
    return std::nullopt;
  }
  return value;
}

bool in_range(const Token& token, std::string_view text) {
  const auto value = parse_decimal(text);
  return value && *value >= token.minimum && *value <= token.maximum;
}

bool is_address(std::string_view text, base::Family family) {
  // The cheap test first: matching runs it for every word of every line of a file.
  const char separator = family == base::Family::ipv4 ? '.' : ':';
  if (text.size() > kMaxAddressLength || text.find(separator) == std::string_view::npos) {
    return false;
  }
  const auto address = base::IpAddress::parse(text);
  return address && address->family() == family;
}

bool is_prefix(const Token& token, std::string_view text, base::Family family) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return token.prefix_length == PrefixLength::optional && is_address(text, family);
  }
  const auto length = parse_decimal(text.substr(slash + 1));
  return length && *length <= base::IpAddress::width(family) && is_address(text.substr(0, slash), family);
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// YANG strings cannot hold control characters, and a terminal must not get them.
bool is_printable(std::string_view word) { return std::ranges::none_of(word, is_control); }

// A tab between the words of a text counts as a blank, as between the words of a command.
bool is_printable_line(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return is_control(c) && c != '\t'; });
}

// Whether more digits can bring the number into the range.
bool may_become_number(const Token& token, std::string_view begin) {
  auto low = parse_decimal(begin);
  if (!low) {
    return false;
  }
  // All numbers with one more digit lie in [low × 10, low × 10 + 9], and so on.
  constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max() / 10 - 1;
  for (std::int64_t high = *low; *low <= token.maximum; *low *= 10, high = high * 10 + 9) {
    if (high >= token.minimum) {
      return true;
    }
    if (high > kLargest) {
      return false;
    }
  }
  return false;
}

bool consists_of(std::string_view text, std::string_view letters) {
  return text.find_first_not_of(letters) == std::string_view::npos;
}

}  // namespace

Rank rank_of(const Token& token, std::string_view word) {
  const auto typed = [](bool fits) { return fits ? Rank::typed_value : Rank::none; };
  switch (token.kind) {
    case TokenKind::keyword:
      return token.text == word             ? Rank::exact_keyword
             : token.text.starts_with(word) ? Rank::keyword_prefix
                                            : Rank::none;
    case TokenKind::number:
      return typed(in_range(token, word));
    case TokenKind::ipv4:
      return typed(is_address(word, base::Family::ipv4));
    case TokenKind::ipv4_prefix:
      return typed(is_prefix(token, word, base::Family::ipv4));
    case TokenKind::ipv6:
      return typed(is_address(word, base::Family::ipv6));
    case TokenKind::ipv6_prefix:
      return typed(is_prefix(token, word, base::Family::ipv6));
    case TokenKind::word:
      return is_printable(word) ? Rank::word : Rank::none;
    case TokenKind::line:
      return is_printable_line(word) ? Rank::line : Rank::none;
  }
  return Rank::none;
}

bool may_become(const Token& token, std::string_view begin) {
  switch (token.kind) {
    case TokenKind::keyword:
      return token.text.starts_with(begin);
    case TokenKind::number:
      return may_become_number(token, begin);
    case TokenKind::ipv4:
      return consists_of(begin, "0123456789.");
    case TokenKind::ipv4_prefix:
      return consists_of(begin, "0123456789./");
    case TokenKind::ipv6:
      return consists_of(begin, "0123456789abcdefABCDEF:.");
    case TokenKind::ipv6_prefix:
      return consists_of(begin, "0123456789abcdefABCDEF:./");
    case TokenKind::word:
      return is_printable(begin);
    case TokenKind::line:
      return is_printable_line(begin);
  }
  return false;
}

}  // namespace tandem::cli
