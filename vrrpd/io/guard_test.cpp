// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/guard.h"

#include <gtest/gtest.h>

#include "vrrpd/io/limits.h"

namespace tandem::vrrpd::io {
namespace {

using namespace std::chrono_literals;
using Filter = Guard::Filter;

constexpr base::TimePoint kStart{100s};

TEST(Guard, LeavesAnOrdinaryLanAlone) {
  Guard guard;
  for (int turn = 0; turn < 100; ++turn) {
    const base::TimePoint now = kStart + turn * 10ms;
    guard.after({.ended = now, .took = 500us, .refused = 5, .more = true});
    ASSERT_EQ(guard.filter(), Filter::none);
    ASSERT_EQ(guard.deadline(now), std::nullopt);
  }
}

TEST(Guard, HasTheKernelDropWhatIsRefusedTooOften) {
  Guard guard;
  guard.after({.ended = kStart, .took = 1ms, .refused = kRefusedPerWindow - 1});
  EXPECT_EQ(guard.filter(), Filter::none);
  guard.after({.ended = kStart + 1ms, .took = 1ms, .refused = 1});
  EXPECT_EQ(guard.filter(), Filter::ours);
  EXPECT_EQ(guard.deadline(kStart + 1ms), kStart + kGuardWindow);
}

TEST(Guard, HasTheKernelDropWhatStrangersSendWhenThatTakesTooLong) {
  Guard guard;
  guard.after({.ended = kStart, .took = kReceivingPerWindow - 1us, .more = true});
  EXPECT_EQ(guard.filter(), Filter::none);
  guard.after({.ended = kStart + 1ms, .took = 1us, .more = true});
  EXPECT_EQ(guard.filter(), Filter::winning);
  guard.after({.ended = kStart + 2ms, .took = kReceivingPerWindow / 2, .more = true});
  EXPECT_EQ(guard.filter(), Filter::known);
  EXPECT_FALSE(guard.pauses(kStart + 2ms));
}

TEST(Guard, IsOpenForLessTimeAfterAFlood) {
  Guard guard;
  guard.after({.ended = kStart, .took = kReceivingPerWindow});
  const base::TimePoint second = kStart + kGuardWindow;
  guard.advance(second);
  EXPECT_EQ(guard.filter(), Filter::none);
  guard.after({.ended = second, .took = kReceivingOnceFlooded});
  EXPECT_EQ(guard.filter(), Filter::winning);
  const base::TimePoint third = second + kGuardWindow;
  guard.after({.ended = third, .took = kReceivingOnceFlooded - 1us});
  EXPECT_EQ(guard.filter(), Filter::none);
  const base::TimePoint fourth = third + kGuardWindow;
  guard.after({.ended = fourth, .took = kReceivingOnceFlooded});
  EXPECT_EQ(guard.filter(), Filter::none) << "the flood is over";
}

TEST(Guard, PausesWhenTheFilterDoesNotHelp) {
  Guard guard;
  guard.after({.ended = kStart, .took = 2 * kReceivingPerWindow - 4ms, .more = true});
  EXPECT_FALSE(guard.pauses(kStart));
  guard.after({.ended = kStart + 4ms, .took = 4ms, .more = true});
  EXPECT_TRUE(guard.pauses(kStart + 4ms));
  EXPECT_EQ(guard.deadline(kStart + 4ms), kStart + 4ms + kPauseFactor * 4ms);
  EXPECT_FALSE(guard.pauses(kStart + 4ms + kPauseFactor * 4ms));
}

TEST(Guard, DoesNotPauseWhenAllIsRead) {
  Guard guard;
  guard.after({.ended = kStart, .took = 3 * kReceivingPerWindow, .more = false});
  EXPECT_FALSE(guard.pauses(kStart));
}

TEST(Guard, SharesTheProcessorAmongTheFlooded) {
  Guard guard;
  guard.after({.ended = kStart, .took = kReceivingPerWindow / 4, .more = true, .crowd = 4});
  EXPECT_EQ(guard.filter(), Filter::winning);
  guard.after({.ended = kStart, .took = kReceivingPerWindow / 4, .more = true, .crowd = 4});
  EXPECT_TRUE(guard.pauses(kStart + kPauseFactor * kReceivingPerWindow - 1us));
}

TEST(Guard, LooksAgainEachSecond) {
  Guard guard;
  guard.after({.ended = kStart, .took = 3 * kReceivingPerWindow, .refused = kRefusedPerWindow, .more = true});
  guard.advance(kStart + kGuardWindow - 1us);
  EXPECT_EQ(guard.filter(), Filter::known);
  guard.advance(kStart + kGuardWindow);
  EXPECT_EQ(guard.filter(), Filter::none);
  EXPECT_FALSE(guard.pauses(kStart + kGuardWindow));
  guard.after({.ended = kStart + kGuardWindow, .took = 1ms, .refused = 1});
  EXPECT_EQ(guard.filter(), Filter::none) << "what was counted before does not count any more";
}

// Whatever arrives: the thread waits often enough, and is awake for less than half of the time.
TEST(Guard, BoundsWhatAFloodCosts) {
  Guard guard;
  base::TimePoint now = kStart;
  base::Duration worked{};
  while (now < kStart + 10s) {
    guard.advance(now);
    if (guard.pauses(now)) {
      now = *guard.deadline(now);
      continue;
    }
    now += 4ms;
    worked += 4ms;
    guard.after({.ended = now, .took = 4ms, .refused = 1000, .more = true});
  }
  EXPECT_LT(worked, 5s);
}

}  // namespace
}  // namespace tandem::vrrpd::io
