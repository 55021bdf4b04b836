// SPDX-License-Identifier: Apache-2.0
// Whether a person types: a program writes a line at once, fingers press one key after another. A session that no
// person types in gets nothing but text: no colours, no pager, no control sequence around pasted text (decision 0035).
#pragma once

#include <cstddef>

namespace tandem::vtysh {

class Typing {
 public:
  // One byte of the input was read. `available`: how many were there to be read, this one included.
  void handle_byte(char byte, std::size_t available);
  void handle_end_of_line();

  // Two keys of one line came by themselves, and nothing else of that line. Once true, always true.
  bool is_by_hand() const { return by_hand_; }

  // More came together with the byte that was read last.
  bool is_in_the_midst() const { return left_ > 0; }

 private:
  std::size_t left_ = 0;  // of the bytes that came together
  std::size_t keys_ = 0;  // of the line, each by itself
  bool bulk_ = false;     // several keys of the line came together
  bool by_hand_ = false;
};

}  // namespace tandem::vtysh
