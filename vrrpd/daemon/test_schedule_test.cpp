// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/test_schedule.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tandem::vrrpd::daemon {
namespace {

using base::IpAddress;
using std::chrono::seconds;

constexpr core::RouterId kRouter{7};
constexpr base::TimePoint kStart{seconds(1000)};
const std::vector<IpAddress> kAddresses{IpAddress::v4(10, 0, 0, 1), IpAddress::v4(10, 0, 0, 2),
                                        IpAddress::v4(10, 0, 0, 3)};
const base::MacAddress kStation{{2, 0, 0, 0, 0, 9}};

// A pass over all addresses in which `missed` are not answered; returns what has become of the warning.
TestChange pass(OwnTest& test, base::TimePoint now, const std::vector<IpAddress>& missed) {
  for (const IpAddress& address : test.take(kRouter, kAddresses, kAddresses.size(), now)) {
    if (std::find(missed.begin(), missed.end(), address) != missed.end()) {
      test.missed(kRouter, address);
    } else {
      test.answered(kRouter, address);
    }
  }
  return test.judge(kRouter, now);
}

TEST(OwnTest, IsDueSoonAfterTheClaimAndThenWithAPeriod) {
  OwnTest test;
  test.begin(kRouter, kStart);
  test.begin(kRouter, kStart + seconds(5));  // no change
  EXPECT_EQ(test.deadline(), kStart + kFirstTest);
  EXPECT_FALSE(test.first_due(kStart));
  const base::TimePoint now = kStart + kFirstTest;
  EXPECT_EQ(test.first_due(now), kRouter);
  EXPECT_EQ(pass(test, now, {}), TestChange::none);
  EXPECT_EQ(test.deadline(), now + kTestPause);
  test.end(kRouter);
  EXPECT_FALSE(test.deadline());
}

TEST(OwnTest, AsksForAllAddressesInPieces) {
  OwnTest test;
  test.begin(kRouter, kStart);
  const base::TimePoint now = kStart + kFirstTest;
  EXPECT_EQ(test.take(kRouter, kAddresses, 2, now), (std::vector{kAddresses[0], kAddresses[1]}));
  test.missed(kRouter, kAddresses[0]);
  EXPECT_EQ(test.judge(kRouter, now), TestChange::none);
  EXPECT_EQ(test.first_due(now), kRouter) << "the rest comes next";
  EXPECT_EQ(test.take(kRouter, kAddresses, 2, now), std::vector{kAddresses[2]});
  EXPECT_FALSE(test.first_due(now));
  test.judge(kRouter, now);
  EXPECT_EQ(test.deadline(), now + kTestAgain) << "what was missed in the first piece counts";
}

TEST(OwnTest, WarnsAfterSomeMissesInARowAndEndsWithTheFirstAnswer) {
  OwnTest test;
  test.begin(kRouter, kStart);
  base::TimePoint now = kStart + kFirstTest;
  for (int miss = 1; miss < kMisses; ++miss) {
    EXPECT_EQ(pass(test, now, {kAddresses[1]}), TestChange::none);
    EXPECT_EQ(test.deadline(), now + kTestAgain);
    EXPECT_TRUE(test.unanswered(kRouter).empty());
    now += kTestAgain;
  }
  EXPECT_EQ(pass(test, now, {kAddresses[1]}), TestChange::begun);
  EXPECT_EQ(test.unanswered(kRouter), std::vector{kAddresses[1]});
  EXPECT_EQ(pass(test, now, {kAddresses[1]}), TestChange::none) << "once";
  EXPECT_EQ(pass(test, now, {}), TestChange::over);
  EXPECT_TRUE(test.unanswered(kRouter).empty());
}

TEST(OwnTest, SingleMissesAreNoTrouble) {
  OwnTest test;
  test.begin(kRouter, kStart);
  for (int i = 0; i < 3 * kMisses; ++i) {
    EXPECT_EQ(pass(test, kStart, {kAddresses[static_cast<std::size_t>(i) % 3]}), TestChange::none);
  }
}

TEST(OwnTest, ForgetsAnAddressThatIsGone) {
  OwnTest test;
  test.begin(kRouter, kStart);
  for (int miss = 0; miss < kMisses; ++miss) {
    pass(test, kStart, {kAddresses[2]});
  }
  const std::vector<IpAddress> fewer{kAddresses[0]};
  test.take(kRouter, fewer, 1, kStart);
  test.answered(kRouter, kAddresses[0]);
  EXPECT_EQ(test.judge(kRouter, kStart), TestChange::over);
}

TEST(OwnTest, AnAnswerForARouterThatHasEndedIsIgnored) {
  OwnTest test;
  test.answered(kRouter, kAddresses[0]);
  test.missed(kRouter, kAddresses[0]);
  EXPECT_EQ(test.judge(kRouter, kStart), TestChange::none);
}

TEST(WireTest, AsksForAnotherAddressEachTime) {
  WireTest test;
  test.begin(kRouter, kStart);
  std::vector<IpAddress> asked;
  for (int i = 0; i < 4; ++i) {
    asked.push_back(*test.take(kRouter, kAddresses, kStart));
    EXPECT_EQ(test.judge(kRouter, asked.back(), std::nullopt, kStart), TestChange::none);
    EXPECT_EQ(test.deadline(), kStart + kWirePause);
  }
  EXPECT_EQ(asked, (std::vector{kAddresses[0], kAddresses[1], kAddresses[2], kAddresses[0]}));
  EXPECT_FALSE(test.take(kRouter, {}, kStart));
}

TEST(WireTest, OneAnswerOfAFormerMasterIsNoWarning) {
  WireTest test;
  test.begin(kRouter, kStart);
  const IpAddress address = *test.take(kRouter, kAddresses, kStart);
  EXPECT_EQ(test.judge(kRouter, address, kStation, kStart), TestChange::none);
  EXPECT_EQ(test.deadline(), kStart + kWireAgain);
  EXPECT_EQ(test.take(kRouter, kAddresses, kStart), address) << "the same one again";
  EXPECT_EQ(test.judge(kRouter, address, std::nullopt, kStart), TestChange::none);
  EXPECT_FALSE(test.station(kRouter));
  EXPECT_NE(test.take(kRouter, kAddresses, kStart), address);
}

TEST(WireTest, WarnsOfAStationThatGoesOnAnswering) {
  WireTest test;
  test.begin(kRouter, kStart);
  const IpAddress address = *test.take(kRouter, kAddresses, kStart);
  test.judge(kRouter, address, kStation, kStart);
  EXPECT_EQ(test.judge(kRouter, address, kStation, kStart), TestChange::begun);
  EXPECT_EQ(test.station(kRouter), (WireTest::Station{address, kStation}));
  EXPECT_EQ(test.judge(kRouter, address, kStation, kStart), TestChange::none);
  EXPECT_EQ(test.judge(kRouter, address, std::nullopt, kStart), TestChange::none) << "a lost question";
  EXPECT_EQ(test.judge(kRouter, address, std::nullopt, kStart), TestChange::over);
  EXPECT_FALSE(test.station(kRouter));
}

TEST(WireTest, NamesTheFirstAddressAndHowManyMore) {
  EXPECT_EQ(some_of(std::vector{kAddresses[0]}), "10.0.0.1");
  EXPECT_EQ(some_of(kAddresses), "10.0.0.1 and 2 more");
}

}  // namespace
}  // namespace tandem::vrrpd::daemon
