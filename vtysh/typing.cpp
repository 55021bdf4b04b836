// SPDX-License-Identifier: Apache-2.0
#include "vtysh/typing.h"

namespace tandem::vtysh {
namespace {

constexpr char kEscape = '\x1b';
constexpr std::size_t kLongestKey =
    6;  // bytes that a key sends behind Escape: "\x1b[15;2~" is rarer than what it costs
constexpr std::size_t kKeysOfAHand = 2;  // one, such as Enter, is what a program that looks for the prompt sends, too

// The length of the UTF-8 character that begins so; 1 for what begins none.
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
  bulk_ = left_ > 0;  // the rest of what came together belongs to the next line
}

}  // namespace tandem::vtysh
