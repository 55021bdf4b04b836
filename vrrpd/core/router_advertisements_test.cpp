// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/core/router_advertisements.h"

#include <gtest/gtest.h>

#include <set>

namespace tandem::vrrpd::core {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kStart{1000s};

// Intervals between advertisements that no host asks for.
std::vector<Duration> intervals_of(std::uint32_t seed, std::chrono::seconds max_interval, int count) {
  RouterAdvertisementSchedule schedule(seed, max_interval, kStart);
  std::vector<Duration> intervals;
  for (int i = 0; i < count; ++i) {
    const TimePoint now = schedule.deadline();
    schedule.sent(now);
    intervals.push_back(schedule.deadline() - now);
  }
  return intervals;
}

TEST(RouterAdvertisementSchedule, BeginsAtOnceWithAFewQuickOnes) {
  const RouterAdvertisementSchedule schedule(5, 600s, kStart);
  EXPECT_EQ(schedule.deadline(), kStart);
  const auto intervals = intervals_of(5, 600s, 4);
  EXPECT_LE(intervals[0], 16s);
  EXPECT_LE(intervals[1], 16s);
  EXPECT_GE(intervals[2], 198s);
}

TEST(RouterAdvertisementSchedule, KeepsWithinTheConfiguredIntervalAndIsIrregular) {
  for (const auto max : {4s, 10s, 600s, 1800s}) {
    const auto intervals = intervals_of(7, max, 200);
    const Duration least = max < 9s ? Duration(max) : Duration(max) * 33 / 100;
    for (std::size_t i = 2; i < intervals.size(); ++i) {
      EXPECT_GE(intervals[i], least);
      EXPECT_LE(intervals[i], max);
    }
    if (max >= 9s) {
      EXPECT_GT(std::set<Duration>(intervals.begin() + 2, intervals.end()).size(), 100U);
    }
  }
}

TEST(RouterAdvertisementSchedule, TheSameSeedIsTheSameSchedule) {
  EXPECT_EQ(intervals_of(5, 600s, 20), intervals_of(5, 600s, 20));
  EXPECT_NE(intervals_of(5, 600s, 20), intervals_of(6, 600s, 20));
}

TEST(RouterAdvertisementSchedule, AnswersAHostWithinHalfASecondButNotMoreOftenThanEveryThree) {
  RouterAdvertisementSchedule schedule(5, 600s, kStart);
  schedule.sent(kStart);
  const TimePoint asked = kStart + 10s;
  schedule.solicited(asked);
  EXPECT_GE(schedule.deadline(), asked);
  EXPECT_LE(schedule.deadline(), asked + 500ms);
  const TimePoint answered = schedule.deadline();
  schedule.sent(answered);
  schedule.solicited(answered + 100ms);
  EXPECT_EQ(schedule.deadline(), answered + 3s);
}

TEST(RouterAdvertisementSchedule, WhatCannotBeSentYetIsTriedAgainSoon) {
  RouterAdvertisementSchedule schedule(5, 600s, kStart);
  schedule.postpone(kStart);
  EXPECT_EQ(schedule.deadline(), kStart + 100ms);
}

}  // namespace
}  // namespace tandem::vrrpd::core
