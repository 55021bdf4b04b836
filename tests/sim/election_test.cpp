// SPDX-License-Identifier: Apache-2.0
// A test exceeds each bound of a group, and the invariant reports it.
#include "tests/sim/election.h"

#include <gtest/gtest.h>

#include "tests/sim/testing.h"

namespace tandem::sim {
namespace {

using namespace testing;

constexpr Circumstances kIdeal{
    .travel = 0us, .quiet_travel = 0us, .latency = 0us, .slowest_clock = 0, .forms_to_learn = false};

Standing standing(State state, std::uint8_t priority, bool preempts = true) {
  return {.able = true,
          .state = state,
          .priority = priority,
          .preempts = preempts,
          .preempt_delay = 0s,
          .version = Version::v3,
          .interval = 1s,
          .source = IpAddress::v4(10, 0, 0, priority)};
}

class ElectionTest : public ::testing::Test {
 protected:
  Verdict update(std::size_t member, const Standing& standing, Duration when) {
    return election_.update(member, standing, TimePoint(when));
  }
  Verdict check(Duration when) { return election_.check(TimePoint(when)); }

  Election election_{kIdeal, 2};
};

TEST_F(ElectionTest, BoundsAreWhatTheHeaderSays) {
  update(0, standing(State::backup, 100), 0s);
  EXPECT_GE(election_.longest_gap(), 4s);
  EXPECT_LE(election_.longest_gap(), 4s + 10us);
  EXPECT_GE(election_.settling_time(), 5s);
  EXPECT_LE(election_.settling_time(), 5s + 10us);
}

TEST_F(ElectionTest, SlowClocksAndLatencyStretchTheBounds) {
  Election election(
      {.travel = 100ms, .quiet_travel = 10ms, .latency = 1ms, .slowest_clock = -200'000, .forms_to_learn = true}, 2);
  election.update(0, standing(State::backup, 100), {});
  EXPECT_EQ(election.longest_gap() / 1ms, (4000 * 10 / 8 + 100 + 2));
  EXPECT_EQ(election.settling_time() / 1ms, (9000 * 10 / 8 + 40 + 4));
}

TEST_F(ElectionTest, CatchesAGroupWithoutMaster) {
  update(0, standing(State::master, 100), 0s);
  election_.disturb(TimePoint(10s));
  update(0, standing(State::backup, 100), 10s);
  EXPECT_EQ(check(14s), std::nullopt);
  EXPECT_EQ(check(14s + 1ms), "no Master for 4001000 us");
}

TEST_F(ElectionTest, NobodyHasToBeMasterWhereNobodyCan) {
  Standing unable = standing(State::initialize, 100);
  unable.able = false;
  update(0, unable, 0s);
  EXPECT_EQ(check(100s), std::nullopt);
}

TEST_F(ElectionTest, CatchesTwoMastersThatLossDoesNotExplain) {
  update(0, standing(State::master, 100), 0s);
  update(1, standing(State::master, 200), 0s);
  EXPECT_EQ(check(1s), std::nullopt);
  EXPECT_EQ(check(1s + 1ms), "two Masters for 1001000 us, which is longer than the loss of 0 adverts explains");
  election_.lost(1, 0, TimePoint(1s));
  EXPECT_EQ(check(2s), std::nullopt);
  election_.lost(0, 1, TimePoint(2s));  // adverts of the loser have no effect
  EXPECT_EQ(check(2s + 1ms), "two Masters for 2001000 us, which is longer than the loss of 1 adverts explains");
}

TEST_F(ElectionTest, CatchesTwoMastersInPeace) {
  update(0, standing(State::master, 100), 0s);
  update(1, standing(State::master, 200), 0s);
  for (int i = 0; i < 10; ++i) {
    election_.unusable(1, 0);
  }
  EXPECT_EQ(check(5s), std::nullopt);
  EXPECT_EQ(check(5s + 1ms), "2 Masters in a group that nothing disturbs");
}

TEST_F(ElectionTest, CatchesTheWrongMaster) {
  update(0, standing(State::master, 100), 0s);
  update(1, standing(State::backup, 200, false), 0s);
  EXPECT_EQ(check(6s), std::nullopt);
  update(1, standing(State::backup, 200, true), 6s);
  EXPECT_EQ(check(12s), "the Master has priority 100, a router that preempts has 200");
}

TEST_F(ElectionTest, CatchesAGroupThatKeepsChangingItsMind) {
  update(0, standing(State::master, 100), 0s);
  update(1, standing(State::backup, 200), 0s);
  EXPECT_EQ(update(1, standing(State::master, 200), 6s),
            "Backup -> Master although nothing has disturbed the group for 6000000 us");
}

TEST_F(ElectionTest, LossAndChangesBeginTheWaitAnew) {
  update(0, standing(State::master, 100), 0s);
  update(1, standing(State::backup, 200), 0s);
  election_.lost(0, 1, TimePoint(4s));
  EXPECT_EQ(check(8s), std::nullopt);
  update(1, standing(State::backup, 201), 9s);
  EXPECT_EQ(check(13s), std::nullopt);
  EXPECT_NE(check(15s), std::nullopt);
}

TEST_F(ElectionTest, AGroupThatDisagreesAboutTheVersionCannotSettle) {
  update(0, standing(State::master, 100), 0s);
  Standing other = standing(State::master, 200);
  other.version = Version::v2;
  update(1, other, 0s);
  for (int i = 0; i < 100; ++i) {
    election_.unusable(1, 0);
  }
  EXPECT_EQ(check(50s), std::nullopt);
}

}  // namespace
}  // namespace tandem::sim
