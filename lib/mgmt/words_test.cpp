// SPDX-License-Identifier: Apache-2.0
#include "lib/mgmt/words.h"

#include <gtest/gtest.h>

namespace tandem::mgmt {
namespace {

TEST(Words, DurationsAreShort) {
  using std::chrono::seconds;
  const std::vector<std::pair<seconds, std::string>> cases{
      {seconds(0), "0s"},       {seconds(59), "59s"},       {seconds(60), "1m00s"}, {seconds(3599), "59m59s"},
      {seconds(3600), "1h00m"}, {seconds(86399), "23h59m"}, {seconds(86400), "1d"}, {seconds(-1), "0s"}};
  for (const auto& [duration, text] : cases) {
    EXPECT_EQ(short_duration(duration), text);
  }
}

}  // namespace
}  // namespace tandem::mgmt
