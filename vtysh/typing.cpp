// SPDX-License-Identifier: Apache-2.0
#include "vtysh/typing.h"

namespace tandem::vtysh {
namespace {

constexpr char kEscape = '\x1b';
constexpr std::size_t kLongestKey = 6;   // bytes after Escape; longer sequences, such as "\x1b[15;2~", are rare
constexpr std::size_t kKeysOfAHand = 2;  // one key, such as Enter, may come from a program that looks for the prompt

// The length of the UTF-8 character with this first byte; 1 if no character begins with it.
std::size_t character_length(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
}

bool is_one_key(char first, std::size_t size) {
  return size == character_length(first) || (first == kEscape && size <= kLongestKey);
}

}  // namespace

void Typing::handle_byte(char byte, std::size_t available) {
  if (left_ == 0) {
    left_ = available;
    if (is_one_key(byte, available)) {
      ++keys_;
    } else {
      bulk_ = true;
    }
    by_hand_ = by_hand_ || (!bulk_ && keys_ >= kKeysOfAHand);
  }
  left_ -= left_ > 0 ? 1 : 0;
}

void Typing::handle_end_of_line() {
  keys_ = 0;
  bulk_ = left_ > 0;  // the remaining bytes that arrived together belong to the next line
}

}  // namespace tandem::vtysh
