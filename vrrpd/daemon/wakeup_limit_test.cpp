// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/wakeup_limit.h"

#include <gtest/gtest.h>

namespace tandem::vrrpd::daemon {
namespace {

using namespace std::chrono_literals;

constexpr base::TimePoint kStart{1000s};

// Wakes up for deadlines that are `gap` apart, and returns the latenesses.
std::vector<base::Duration> latenesses(base::Duration gap, int deadlines) {
  WakeupLimit limit;
  std::vector<base::Duration> late;
  base::TimePoint now = kStart;
  for (int i = 0; i < deadlines; ++i) {
    const base::TimePoint deadline = kStart + i * gap;
    if (deadline <= now && i > 0) {  // served together with the one before
      late.push_back(now - deadline);
      continue;
    }
    now = limit.wake_at(deadline);
    limit.woken(now);
    late.push_back(now - deadline);
  }
  return late;
}

TEST(WakeupLimitTest, TimersThatAreAnIntervalApartAreExact) {
  for (const base::Duration late : latenesses(kWakeupInterval, 1000)) {
    EXPECT_EQ(late, 0us);
  }
}

TEST(WakeupLimitTest, AFewThatComeTogetherAreExact) {
  const auto late = latenesses(10us, kWakeupBurst);
  EXPECT_EQ(std::ranges::max(late), 0us);
}

TEST(WakeupLimitTest, ManyAreServedTogetherAndNoneIsLaterThanTheInterval) {
  const auto late = latenesses(100us, 10'000);
  EXPECT_GT(std::ranges::max(late), 0us);
  EXPECT_LE(std::ranges::max(late), kWakeupInterval);
}

TEST(WakeupLimitTest, WakesUpNoMoreOftenThanTheIntervalForLong) {
  WakeupLimit limit;
  int wakeups = 0;
  base::TimePoint now = kStart;
  while (now < kStart + 1s) {
    now = limit.wake_at(now + 50us);
    limit.woken(now);
    ++wakeups;
  }
  EXPECT_LE(wakeups, 1s / kWakeupInterval + kWakeupBurst);
}

TEST(WakeupLimitTest, AllowanceComesBack) {
  WakeupLimit limit;
  for (int i = 0; i < 100; ++i) {
    limit.woken(kStart);
  }
  const base::TimePoint later = kStart + 1s;
  for (int i = 0; i < kWakeupBurst; ++i) {
    EXPECT_EQ(limit.wake_at(later), later);
    limit.woken(later);
  }
  EXPECT_EQ(limit.wake_at(later), later + kWakeupInterval);
}

}  // namespace
}  // namespace tandem::vrrpd::daemon
