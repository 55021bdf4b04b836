// SPDX-License-Identifier: Apache-2.0
#include "lib/log/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace tandem::log {
namespace {

enum class Keep { one_line, layout };

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

struct Character {
  std::uint32_t code;
  std::size_t size;  // 0: the bytes are no UTF-8
};

Character decode(std::string_view text) {
  struct Form {
    unsigned char first;
    unsigned char mask;
    std::size_t size;
    std::uint32_t smallest;
  };
  static constexpr Form kForms[] = {{0xc0, 0xe0, 2, 0x80}, {0xe0, 0xf0, 3, 0x800}, {0xf0, 0xf8, 4, 0x10000}};
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) {
    return {first, 1};
  }
  for (const Form& form : kForms) {
    if ((first & form.mask) != form.first || text.size() < form.size ||
        !std::ranges::all_of(text.substr(1, form.size - 1), continues)) {
      continue;
    }
    std::uint32_t code = first & static_cast<unsigned char>(~form.mask);
    for (const char c : text.substr(1, form.size - 1)) {
      code = code << 6U | (static_cast<unsigned char>(c) & 0x3fU);
    }
    const bool right = code >= form.smallest && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return {code, right ? form.size : 0};
  }
  return {0, 0};
}

bool is_control(std::uint32_t code) { return code < 0x20 || (code >= 0x7f && code < 0xa0); }

bool is_layout(std::uint32_t code) {
  const bool separator = code == 0x2028 || code == 0x2029;
  const bool direction = code == 0x061c || code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
                         (code >= 0x2066 && code <= 0x2069);
  return code == '\n' || code == '\t' || separator || direction;
}

bool stays(const Character& character, Keep keep) {
  if (is_layout(character.code)) {
    return keep == Keep::layout;
  }
  return character.size > 0 && !is_control(character.code);
}

bool is_plain(char c) { return c >= 0x20 && c < 0x7f; }

std::string escape(std::string_view text, Keep keep) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    // Nearly always the whole text.
    const auto plain = static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
    result.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) {
      break;
    }
    const Character character = decode(text);
    const std::size_t size = std::max<std::size_t>(character.size, 1);
    if (stays(character, keep)) {
      result.append(text.substr(0, size));
    } else {
      for (const char c : text.substr(0, size)) {
        fmt::format_to(std::back_inserter(result), "\\x{:02x}", static_cast<unsigned char>(c));
      }
    }
    text.remove_prefix(size);
  }
  return result;
}

}  // namespace

std::string printable(std::string_view text) { return escape(text, Keep::one_line); }

std::string printable_lines(std::string_view text) { return escape(text, Keep::layout); }

std::string_view beginning(std::string_view text, std::size_t limit) {
  std::size_t end = std::min(text.size(), limit);
  for (std::size_t back = 0; back < 3 && end > 0 && end < text.size() && continues(text[end]); ++back) {
    --end;
  }
  return text.substr(0, end);
}

std::string cut(std::string_view text, std::size_t limit) {
  const std::string_view kept = beginning(text, limit);
  return kept.size() == text.size() ? std::string(text)
                                    : fmt::format("{}... ({} bytes more)", kept, text.size() - kept.size());
}

}  // namespace tandem::log
