// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/transition_limit.h"

#include <gmock/gmock.h>

#include "vrrpd/daemon/limits.h"

namespace tandem::vrrpd::daemon {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
constexpr core::RouterId kOne{1};
constexpr core::RouterId kOther{2};
constexpr std::chrono::milliseconds kStep{10};

class TransitionLimitTest : public ::testing::Test {
 protected:
  // How many of so many transitions, a step apart, get a line.
  int flap(core::RouterId id, int times) {
    int lines = 0;
    for (int i = 0; i < times; ++i, now_ += kStep) {
      lines += limit_.pass(id, now_) ? 1 : 0;
    }
    return lines;
  }
  TransitionLimit limit_;
  base::TimePoint now_{};
};

TEST_F(TransitionLimitTest, AFewTransitionsHaveALineEachAndNothingIsSummedUp) {
  EXPECT_EQ(flap(kOne, kTransitionLines), kTransitionLines);
  EXPECT_FALSE(limit_.deadline());
  now_ += kTransitionInterval;
  EXPECT_EQ(flap(kOne, kTransitionLines), kTransitionLines);
}

TEST_F(TransitionLimitTest, WhatGoesBeyondIsSummedUpWhenTheIntervalEnds) {
  const base::TimePoint began = now_;
  EXPECT_EQ(flap(kOne, kTransitionLines + 37), kTransitionLines);
  ASSERT_EQ(limit_.deadline(), began + kTransitionInterval);
  EXPECT_THAT(limit_.take_due(now_), IsEmpty());
  now_ = *limit_.deadline();
  const auto due = limit_.take_due(now_);
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(due[0].id, kOne);
  EXPECT_EQ(due[0].count, 37U);
  EXPECT_EQ(due[0].span, base::Duration(kTransitionInterval));
  EXPECT_FALSE(limit_.deadline());
}

TEST_F(TransitionLimitTest, WhoGoesOnGetsASummaryEachIntervalUntilItIsQuietForOne) {
  flap(kOne, kTransitionLines + 1);
  now_ = *limit_.deadline();
  limit_.take_due(now_);
  EXPECT_EQ(flap(kOne, 5), 0);
  now_ = *limit_.deadline();
  EXPECT_EQ(limit_.take_due(now_).at(0).count, 5U);
  now_ += kTransitionInterval;
  EXPECT_EQ(flap(kOne, 1), 1);
}

TEST_F(TransitionLimitTest, VirtualRoutersDoNotDisturbEachOther) {
  flap(kOne, kTransitionLines + 5);
  EXPECT_EQ(flap(kOther, 3), 3);
  limit_.forget(kOne);
  EXPECT_FALSE(limit_.deadline());
}

}  // namespace
}  // namespace tandem::vrrpd::daemon
