// SPDX-License-Identifier: Apache-2.0
#include "lib/yang/text.h"

#include <gtest/gtest.h>

#include <string>

namespace tandem::yang {
namespace {

TEST(YangText, TakesUnicode) {
  for (const char* text :
       {"", "eth1", "users of building 3\t!", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbd"}) {
    EXPECT_TRUE(is_yang_text(text)) << text;
  }
}

TEST(YangText, RefusesWhatIsNoUtf8OrNoCharacter) {
  for (const char* text :
       {"\xce", "a\xff", "\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xef\xbf\xbe", "\xef\xb7\x90",
        "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xe2\x82", "\x1b[2J", "\xc3("}) {
    EXPECT_FALSE(is_yang_text(text)) << text;
  }
  EXPECT_FALSE(is_yang_text(std::string("a\0b", 3)));
}

}  // namespace
}  // namespace tandem::yang
