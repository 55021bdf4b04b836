// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/desired_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vrrpd/io/reconciler_testing.h"

namespace tandem::vrrpd::io {
namespace {

using core::RouterId;
using core::Vrid;
using testing::backup;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::master;

struct DesiredStateTest : ::testing::Test {
  DesiredStateTest() {
    testing::add_link(table, testing::ethernet(2, "eth1"));
    testing::add_link(table, testing::macvlan(7, "vrrp4-eth1-5", 2, Vrid(5)));
  }
  InterfaceTable table;
  DesiredState desired{table};
};

TEST_F(DesiredStateTest, FindsTheMacvlanOfARouterAndTheRouterOfAMacvlan) {
  const netlink::Link macvlan = table.find("vrrp4-eth1-5")->link;
  EXPECT_EQ(desired.user_of(macvlan), kNoRouter);
  desired.set(RouterId{1}, backup(5));
  desired.set(RouterId{2}, backup(6));
  EXPECT_EQ(desired.user_of(macvlan), RouterId{1});
  EXPECT_EQ(desired.device_of(RouterId{1}), base::IfIndex{7});
  EXPECT_EQ(desired.device_of(RouterId{2}), base::kNoInterface) << "it has none yet";
}

TEST_F(DesiredStateTest, ListsTheRoutersOnAnInterface) {
  DesiredDevice elsewhere = backup(5);
  elsewhere.interface = "eth10";
  desired.set(RouterId{1}, backup(6));
  desired.set(RouterId{2}, backup(5));
  desired.set(RouterId{3}, elsewhere);
  EXPECT_THAT(desired.routers_on("eth1"), ElementsAre(RouterId{2}, RouterId{1})) << "by MAC address";
  EXPECT_TRUE(desired.has_routers_on("eth10"));
  EXPECT_THAT(desired.routers_on("eth"), IsEmpty());
  EXPECT_FALSE(desired.has_routers_on("eth"));
}

TEST_F(DesiredStateTest, WhatIsWantedAnewIsPending) {
  desired.set(RouterId{1}, backup(5));
  desired.at(RouterId{1}).outcome = {Outcome::State::in_place};
  desired.set(RouterId{1}, master(5));
  EXPECT_FALSE(desired.at(RouterId{1}).outcome.settled());
  EXPECT_TRUE(desired.at(RouterId{1}).desired.claimed);
}

TEST_F(DesiredStateTest, EraseLeavesTheMacvlanToARouterThatHasTakenItOver) {
  desired.set(RouterId{1}, backup(5));
  desired.set(RouterId{2}, master(5));
  EXPECT_EQ(desired.erase(RouterId{1}), backup(5));
  EXPECT_EQ(desired.find(RouterId{1}), nullptr);
  EXPECT_EQ(desired.user_of(table.find("vrrp4-eth1-5")->link), RouterId{2});
  EXPECT_EQ(desired.erase(RouterId{1}), std::nullopt);
  desired.erase(RouterId{2});
  EXPECT_FALSE(desired.has_routers_on("eth1"));
}

}  // namespace
}  // namespace tandem::vrrpd::io
