// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/one_way_loss_detector.h"

#include <gtest/gtest.h>

namespace tandem::vrrpd::daemon {
namespace {

using std::chrono::milliseconds;
constexpr core::RouterId kOne{1};
constexpr core::RouterId kOther{2};
constexpr milliseconds kInterval{100};

TEST(OneWayLossDetectorTest, AnExchangeIsNotDeafness) {
  OneWayLossDetector peer;
  base::TimePoint now{};
  EXPECT_FALSE(peer.lost(kOne, kInterval, now));
  EXPECT_FALSE(peer.lost(kOne, kInterval, now + kInterval));  // was on its way
  EXPECT_FALSE(peer.lost(kOther, kInterval, now + kInterval));
}

TEST(OneWayLossDetectorTest, ThreeInARowAre) {
  OneWayLossDetector peer;
  base::TimePoint now{};
  peer.lost(kOne, kInterval, now);
  peer.lost(kOne, kInterval, now += kInterval);
  EXPECT_TRUE(peer.lost(kOne, kInterval, now += 2 * kInterval));  // one was lost
  EXPECT_TRUE(peer.lost(kOne, kInterval, now += kInterval));
}

TEST(OneWayLossDetectorTest, ExchangesWithAPauseBetweenThemAreNoRow) {
  OneWayLossDetector peer;
  base::TimePoint now{};
  for (int i = 0; i < 9; ++i) {
    EXPECT_FALSE(peer.lost(kOne, kInterval, now));
    now += 10 * kInterval;
  }
}

}  // namespace
}  // namespace tandem::vrrpd::daemon
