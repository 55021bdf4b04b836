// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/core/timing.h"

#include <gtest/gtest.h>

namespace tandem::vrrpd::core {
namespace {

using namespace std::chrono_literals;

struct Row {
  Version version;
  std::uint8_t priority;
  Duration interval;
  Duration skew;
  Duration down;
};

// Exact, not rounded to the centiseconds of the wire (R70, R71, R72).
TEST(TimingTest, IsExactInMicroseconds) {
  const std::vector<Row> rows{
      {Version::v3, 255, 1s, 3906us, 3003906us},
      {Version::v3, 254, 1s, 7812us, 3007812us},
      {Version::v3, 210, 1s, 179687us, 3179687us},
      {Version::v3, 100, 1s, 609375us, 3609375us},
      {Version::v3, 1, 1s, 996093us, 3996093us},
      {Version::v3, 100, 100ms, 60937us, 360937us},
      {Version::v3, 100, 10ms, 6093us, 36093us},
      {Version::v3, 200, 10ms, 2187us, 32187us},
      {Version::v3, 100, 40950ms, 24953906us, 147803906us},
      {Version::v2, 100, 1s, 609375us, 3609375us},
      {Version::v2, 100, 255s, 609375us, 765609375us},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(skew_time(row.version, row.priority, row.interval), row.skew) << int{row.priority};
    EXPECT_EQ(master_down_interval(row.version, row.priority, row.interval), row.down) << int{row.priority};
  }
}

// One step of priority must make a difference even at 10 ms. Otherwise two Backups take over at once.
TEST(TimingTest, EveryStepOfPriorityMakesADifferenceAtTheShortestInterval) {
  for (int priority = 1; priority < 255; ++priority) {
    EXPECT_GT(skew_time(Version::v3, static_cast<std::uint8_t>(priority), 10ms),
              skew_time(Version::v3, static_cast<std::uint8_t>(priority + 1), 10ms));
  }
}

}  // namespace
}  // namespace tandem::vrrpd::core
