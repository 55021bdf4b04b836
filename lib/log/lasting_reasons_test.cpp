// SPDX-License-Identifier: Apache-2.0
#include "lib/log/lasting_reasons.h"

#include <gmock/gmock.h>

namespace tandem::log {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
constexpr int kOne = 1;
constexpr int kOther = 2;
constexpr LastingReasons<int>::Limits kLimits{.delay = std::chrono::milliseconds(2500),
                                              .interval = std::chrono::seconds(10)};

class LastingReasonsTest : public ::testing::Test {
 protected:
  LastingReasons<int> reasons_{kLimits};
  base::TimePoint now_{};
};

TEST_F(LastingReasonsTest, AReasonIsSaidOnceWhenItHasLasted) {
  reasons_.note(kOne, now_);
  reasons_.note(kOther, now_ + kLimits.delay / 2);
  EXPECT_EQ(reasons_.deadline(), now_ + kLimits.delay);
  EXPECT_THAT(reasons_.take_due(now_), IsEmpty());
  EXPECT_THAT(reasons_.take_due(now_ + kLimits.delay), ElementsAre(kOne));
  EXPECT_TRUE(reasons_.say(kOne, "eth1 is down", now_ + kLimits.delay));
  EXPECT_FALSE(reasons_.say(kOne, "eth1 is down", now_ + kLimits.delay));
  EXPECT_FALSE(reasons_.say(kOther, "", now_)) << "nothing to say";
}

TEST_F(LastingReasonsTest, WhatPassesIsNotSaid) {
  reasons_.note(kOne, now_);
  reasons_.forget(kOne);
  EXPECT_FALSE(reasons_.deadline());
  EXPECT_THAT(reasons_.take_due(now_ + kLimits.delay), IsEmpty());
}

TEST_F(LastingReasonsTest, AnotherReasonIsSaidButNotTooSoon) {
  EXPECT_TRUE(reasons_.say(kOne, "eth1 is down", now_));
  reasons_.note(kOne, now_);
  EXPECT_EQ(reasons_.deadline(), now_ + kLimits.interval) << "an interface that flaps must not fill the log";
  EXPECT_TRUE(reasons_.say(kOne, "eth1 has no address", now_ + kLimits.interval));
}

TEST_F(LastingReasonsTest, TheSameReasonIsSaidAgainNextTime) {
  EXPECT_TRUE(reasons_.say(kOne, "eth1 is down", now_));
  reasons_.forget(kOne);
  EXPECT_TRUE(reasons_.say(kOne, "eth1 is down", now_));
}

}  // namespace
}  // namespace tandem::log
