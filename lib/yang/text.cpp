// SPDX-License-Identifier: Apache-2.0
#include "lib/yang/text.h"

#include <cstddef>
#include <cstdint>

namespace tandem::yang {
namespace {

// The length in bytes of a character with this first byte, and the smallest character of that length; 0: no character
// begins with it.
struct Form {
  std::size_t size;
  std::uint32_t smallest;
  std::uint32_t bits;  // of the first byte
};

Form form_of(unsigned char first) {
  if (first < 0x80) {
    return {1, 0, first};
  }
  if (first >= 0xc0 && first < 0xe0) {
    return {2, 0x80, first & 0x1fU};
  }
  if (first >= 0xe0 && first < 0xf0) {
    return {3, 0x800, first & 0x0fU};
  }
  return first >= 0xf0 && first < 0xf8 ? Form{4, 0x10000, first & 0x07U} : Form{0, 0, 0};
}

bool is_yang_char(std::uint32_t c) {
  const bool control = c < 0x20 && c != '\t' && c != '\n' && c != '\r';
  const bool surrogate = c >= 0xd800 && c < 0xe000;
  const bool noncharacter = (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
  return !control && !surrogate && !noncharacter && c <= 0x10ffff;
}

}  // namespace

bool is_yang_text(std::string_view text) {
  while (!text.empty()) {
    const Form form = form_of(static_cast<unsigned char>(text.front()));
    if (form.size == 0 || form.size > text.size()) {
      return false;
    }
    std::uint32_t character = form.bits;
    for (const char c : text.substr(1, form.size - 1)) {
      const auto byte = static_cast<unsigned char>(c);
      if ((byte & 0xc0U) != 0x80) {
        return false;
      }
      character = (character << 6U) | (byte & 0x3fU);
    }
    if (character < form.smallest || !is_yang_char(character)) {
      return false;
    }
    text.remove_prefix(form.size);
  }
  return true;
}

}  // namespace tandem::yang
