// SPDX-License-Identifier: Apache-2.0
#include "vtysh/typing.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace tandem::vtysh {
namespace {

// The pieces arrive one after the other, the bytes of a piece together; "\r" ends a line.
bool by_hand(const std::vector<std::string_view>& pieces) {
  Typing typing;
  for (const std::string_view piece : pieces) {
    for (std::size_t at = 0; at < piece.size(); ++at) {
      typing.handle_byte(piece[at], piece.size() - at);
      if (piece[at] == '\r') {
        typing.handle_end_of_line();
      }
    }
  }
  return typing.is_by_hand();
}

TEST(Typing, FingersPressOneKeyAfterAnother) {
  EXPECT_TRUE(by_hand({"s", "h"}));
  EXPECT_TRUE(by_hand({"\x1b[A", "\r"})) << "the last line again";
  EXPECT_TRUE(by_hand({"\xc3\xa4", "b"})) << "a character of two bytes is one key";
  EXPECT_TRUE(by_hand({"show version\r", "s", "h"})) << "a pasted line does not make a program of a person";
}

TEST(Typing, ProgramsWriteLinesAtOnce) {
  EXPECT_FALSE(by_hand({"terminal length 0\r", "show vrrp json\r", "exit\r"}));
  EXPECT_FALSE(by_hand({"\r", "\r", "\r"})) << "a program looks for the prompt";
  EXPECT_FALSE(by_hand({"show vrrp json", "\r", "show version", "\r"})) << "and waits for the echo of its line";
  EXPECT_FALSE(by_hand({"configure terminal\rinterface eth1\r", " vrrp 5\r"}));
  EXPECT_FALSE(by_hand({"a\rb", "c"})) << "what came together stays together";
}

TEST(Typing, APersonStaysOne) { EXPECT_TRUE(by_hand({"s", "h", "\r", "interface eth1\r vrrp 5\r"})); }

}  // namespace
}  // namespace tandem::vtysh
