// SPDX-License-Identifier: Apache-2.0
#include "lib/net/arrival.h"

#include <gtest/gtest.h>

namespace tandem::net {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

class ArrivalTest : public ::testing::Test {
 protected:
  ArrivalTest() { pass(seconds(100)); }
  void pass(milliseconds time) {
    now_ += time;
    wall_ += time;
    arrival_.set_now(now_, wall_);
  }
  // How long ago a packet came, according to its stamp.
  milliseconds age_of(Arrival::WallTime stamp) const {
    return std::chrono::duration_cast<milliseconds>(now_ - arrival_.of(stamp));
  }

  Arrival arrival_;
  base::TimePoint now_{};
  Arrival::WallTime wall_ = hours(500'000);
};

TEST_F(ArrivalTest, APacketHasWaitedForAMoment) {
  EXPECT_EQ(age_of(wall_ - milliseconds(30)), milliseconds(30));
  EXPECT_EQ(age_of(wall_ - seconds(1)), seconds(1));
  EXPECT_EQ(arrival_.of(std::nullopt), now_);
}

TEST_F(ArrivalTest, AClockThatIsSetBeforeThePacketIsReadMakesItNeitherOlderNorYounger) {
  for (const Arrival::WallTime step : {Arrival::WallTime(milliseconds(500)), Arrival::WallTime(hours(24)),
                                       Arrival::WallTime(-hours(24)), Arrival::WallTime(-milliseconds(500))}) {
    const Arrival::WallTime stamp = wall_;
    wall_ += step;
    pass(milliseconds(20));
    EXPECT_EQ(age_of(stamp), milliseconds(0));
    pass(milliseconds(20));
    EXPECT_EQ(age_of(wall_ - milliseconds(5)), milliseconds(5)) << "those that come later are stamped by the new clock";
  }
}

TEST_F(ArrivalTest, AnAgeThatCannotBeIsNone) {
  EXPECT_EQ(age_of(wall_ - hours(24)), milliseconds(0));
  EXPECT_EQ(age_of(wall_ + hours(24)), milliseconds(0));
}

}  // namespace
}  // namespace tandem::net
