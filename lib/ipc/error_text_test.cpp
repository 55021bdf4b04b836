// SPDX-License-Identifier: Apache-2.0
#include "lib/ipc/error_text.h"

#include <gtest/gtest.h>

namespace tandem::ipc {
namespace {

TEST(ErrorText, HasTheFormThatOlderShellsPrint) {
  EXPECT_EQ(encode_error("vrrp 5 on eth1: no"), "% vrrp 5 on eth1: no");
}

TEST(ErrorText, IsTheSameMessageAfterTheSocket) {
  for (const std::string_view message : {"", "no", "% no", "%", " no", "first\n% second"}) {
    EXPECT_EQ(decode_error(encode_error(message)), message);
  }
}

TEST(ErrorText, IsTheMessageIfItHasNoMark) {
  for (const std::string_view message : {"", "%", "vrrp.conf:3: Unknown command: x", "first\n% second"}) {
    EXPECT_EQ(decode_error(message), message);
  }
}

}  // namespace
}  // namespace tandem::ipc
