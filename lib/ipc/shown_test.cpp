// SPDX-License-Identifier: Apache-2.0
#include "lib/ipc/shown.h"

#include <gtest/gtest.h>

namespace tandem::ipc {
namespace {

const std::string kBad = "a\x1b[2J";
const std::string kGood = "a\\x1b[2J";

template <class Body>
Body shown_body(Body body) {
  return std::get<Body>(shown({1, std::move(body)}).body);
}

TEST(Shown, NoTextOfAReplySpeaksToATerminal) {
  EXPECT_EQ(shown_body(Output{"line\n\t" + kBad + "\n"}).text, "line\n\t" + kGood + "\n");
  EXPECT_EQ(shown_body(LogLine{kBad}).text, kGood);
  EXPECT_EQ(shown_body(Completions{{kBad, "eth1"}}).values, (std::vector<std::string>{kGood, "eth1"}));
  const Done done = shown_body(Done{.ok = false, .error = kBad, .hostname = kBad});
  EXPECT_EQ(done.error, kGood);
  EXPECT_EQ(done.hostname, kGood);
  Welcome welcome{.daemon = "vrrpd", .version = "1", .hostname = kBad, .grammar = {}, .highlights = {}};
  EXPECT_EQ(shown_body(welcome).motd, std::nullopt);
  welcome.motd = "Hello\n" + kBad;
  EXPECT_EQ(shown_body(welcome).motd, "Hello\n" + kGood);
  EXPECT_EQ(shown_body(welcome).hostname, kGood);
}

}  // namespace
}  // namespace tandem::ipc
