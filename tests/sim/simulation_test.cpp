// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/simulation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/sim/clock.h"

namespace tandem::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

// xoshiro256++ and splitmix64 give the same numbers on each machine, so a seed means the same on each machine.
TEST(RandomTest, IsTheSameEverywhere) {
  Random random(1);
  EXPECT_EQ(random.next(), 0xcfc5d07f6f03c29bU);
  EXPECT_EQ(random.next(), 0xbf424132963fe08dU);
}

TEST(RandomTest, StaysWithinItsBounds) {
  Random random(7);
  std::set<std::int64_t> seen;
  for (int i = 0; i < 1000; ++i) {
    seen.insert(random.between(-2, 2));
  }
  EXPECT_EQ(seen, (std::set<std::int64_t>{-2, -1, 0, 1, 2}));
  EXPECT_FALSE(random.chance(0));
  EXPECT_TRUE(random.chance(kAlways));
}

TEST(LocalClockTest, ShowsATimeFirstWhenTruthSaysSo) {
  for (const std::int64_t rate : {-100'000, -7, 0, 1, 333, 100'000}) {
    const LocalClock clock(17s, rate);
    for (const Duration since : {0us, 1us, 999'999us, 123'456'789us, 3'600'000'001us}) {
      const TimePoint local = clock.local(TimePoint(since));
      EXPECT_LE(clock.truth(local), TimePoint(since));
      EXPECT_EQ(clock.local(clock.truth(local)), local) << rate << " " << since.count();
      EXPECT_GE(clock.local(clock.truth(local + 1us)), local + 1us);
    }
  }
}

TEST(ScenarioTest, AllRoutersOfALanAreDistinct) {
  for (std::uint64_t seed = 1; seed < 200; ++seed) {
    const Scenario scenario = draw_scenario(seed);
    std::set<std::tuple<LanId, Family, packet::Vrid>> groups;
    for (const Group& group : scenario.groups) {
      EXPECT_TRUE(groups.emplace(group.lan, group.family, group.vrid).second) << seed;
      std::set<MachineId> machines;
      for (const MemberId member : group.members) {
        EXPECT_TRUE(machines.insert(scenario.members[member].machine).second) << seed;
      }
    }
  }
}

// A swarm of seeds covers each fault, both versions and families, and each implementation.
TEST(ScenarioTest, SeedsCoverWhatThereIs) {
  std::set<Fault> faults;
  std::set<std::pair<Version, Family>> kinds;
  std::set<Implementation> implementations;
  for (std::uint64_t seed = 1; seed < 200; ++seed) {
    const Scenario scenario = draw_scenario(seed);
    faults.insert(scenario.faults.begin(), scenario.faults.end());
    for (const Member& member : scenario.members) {
      kinds.emplace(member.config.version, member.config.family);
    }
    for (const Machine& machine : scenario.machines) {
      implementations.insert(machine.implementation);
    }
  }
  EXPECT_EQ(faults.size(), kFaultCount);
  EXPECT_EQ(kinds.size(), 3U);
  EXPECT_EQ(implementations.size(), 4U);
}

TEST(SimulationTest, ASeedIsTheSameRunEveryTime) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const Scenario scenario = draw_scenario(seed);
    const Outcome first = simulate(scenario);
    const Outcome second = simulate(scenario);
    EXPECT_EQ(first.digest, second.digest) << seed;
    EXPECT_EQ(first.events, second.events) << seed;
  }
}

TEST(SimulationTest, WatchingDoesNotChangeARun) {
  const Scenario scenario = draw_scenario(3);
  Timeline timeline(scenario, std::nullopt, Timeline::kEverything);
  EXPECT_EQ(simulate(scenario, &timeline).digest, simulate(scenario).digest);
  EXPECT_FALSE(timeline.lines().empty());
}

TEST(SimulationTest, DifferentSeedsAreDifferentRuns) {
  EXPECT_NE(simulate(draw_scenario(1)).digest, simulate(draw_scenario(2)).digest);
}

// The simulator detects a router that does not hear the frames that the wire delivers to it.
TEST(SimulationTest, FindsAPlantedFaultAndTellsHowToSeeItAgain) {
  Scenario scenario = draw_scenario(3);
  ASSERT_EQ(simulate(scenario).violation, std::nullopt);
  const std::vector<MemberId>& members = scenario.groups[0].members;
  const MemberId lowest = *std::min_element(members.begin(), members.end(), [&](MemberId a, MemberId b) {
    return scenario.members[a].config.priority < scenario.members[b].config.priority;
  });
  scenario.deaf = lowest;
  const Outcome outcome = simulate(scenario);
  ASSERT_NE(outcome.violation, std::nullopt);
  EXPECT_THAT(outcome.violation->what, HasSubstr("2 Masters"));
  const std::string text = report(scenario, *outcome.violation);
  EXPECT_THAT(text, HasSubstr("tools/sim --seeds 1 --first-seed 3 --trace"));
  EXPECT_THAT(text, HasSubstr("Initialize -> Backup: startup"));
}

}  // namespace
}  // namespace tandem::sim
