// SPDX-License-Identifier: Apache-2.0
// Detects whether a person types: a program writes a line at once, a person presses one key after another. A session
// without a person gets only text: no colours, no pager, no control sequences around pasted text (doc/decisions/0035).
#pragma once

#include <cstddef>

namespace tandem::vtysh {

class Typing {
 public:
  // One byte of the input was read. `available`: the number of bytes that could be read, this one included.
  void handle_byte(char byte, std::size_t available);
  void handle_end_of_line();

  // True once a line consisted of at least two keys that each arrived alone, and of no bytes that arrived together.
  bool is_by_hand() const { return by_hand_; }

  // Whether more bytes arrived together with the last one.
  bool is_in_the_midst() const { return left_ > 0; }

 private:
  std::size_t left_ = 0;  // of the bytes that arrived together
  std::size_t keys_ = 0;  // of the line that arrived alone
  bool bulk_ = false;     // bytes of the line arrived together
  bool by_hand_ = false;
};

}  // namespace tandem::vtysh
