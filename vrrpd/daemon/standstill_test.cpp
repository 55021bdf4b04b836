// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/standstill.h"

#include <gmock/gmock.h>

#include "vrrpd/daemon/limits.h"

namespace tandem::vrrpd::daemon {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
constexpr core::RouterId kOne{1};
constexpr core::RouterId kOther{2};

class StandstillTest : public ::testing::Test {
 protected:
  Standstill standstill_;
  base::TimePoint now_{};
};

TEST_F(StandstillTest, AReasonIsSaidOnceWhenItHasLasted) {
  standstill_.note(kOne, now_);
  standstill_.note(kOther, now_ + kStandstillDelay / 2);
  EXPECT_EQ(standstill_.deadline(), now_ + kStandstillDelay);
  EXPECT_THAT(standstill_.take_due(now_), IsEmpty());
  EXPECT_THAT(standstill_.take_due(now_ + kStandstillDelay), ElementsAre(kOne));
  EXPECT_TRUE(standstill_.say(kOne, "eth1 is down", now_ + kStandstillDelay));
  EXPECT_FALSE(standstill_.say(kOne, "eth1 is down", now_ + kStandstillDelay));
  EXPECT_FALSE(standstill_.say(kOther, "", now_)) << "nothing to say";
}

TEST_F(StandstillTest, WhatPassesIsNotSaid) {
  standstill_.note(kOne, now_);
  standstill_.forget(kOne);
  EXPECT_FALSE(standstill_.deadline());
  EXPECT_THAT(standstill_.take_due(now_ + kStandstillDelay), IsEmpty());
}

TEST_F(StandstillTest, AnotherReasonIsSaidButNotTooSoon) {
  EXPECT_TRUE(standstill_.say(kOne, "eth1 is down", now_));
  standstill_.note(kOne, now_);
  EXPECT_EQ(standstill_.deadline(), now_ + kStandstillInterval) << "an interface that flaps must not fill the log";
  EXPECT_TRUE(standstill_.say(kOne, "eth1 has no address", now_ + kStandstillInterval));
}

TEST_F(StandstillTest, TheSameReasonIsSaidAgainNextTime) {
  EXPECT_TRUE(standstill_.say(kOne, "eth1 is down", now_));
  standstill_.forget(kOne);
  EXPECT_TRUE(standstill_.say(kOne, "eth1 is down", now_));
}

}  // namespace
}  // namespace tandem::vrrpd::daemon
