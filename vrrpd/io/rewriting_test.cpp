// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/rewriting.h"

#include <gmock/gmock.h>

#include "vrrpd/io/reconciler_testing.h"

namespace tandem::vrrpd::io {
namespace {

using testing::backup;
using ::testing::ElementsAre;
using testing::ethernet;
using testing::id_of;
using ::testing::IsEmpty;
using testing::master;

class RewritingTest : public ::testing::Test {
 protected:
  RewritingTest() { put_eth1(2, 0x11); }
  void put_eth1(unsigned index, std::uint8_t last) {
    netlink::Link link = ethernet(index, "eth1");
    link.mac.bytes = {2, 0, 0, 0, 0, last};
    testing::add_link(table, link);
  }
  static Rewrite rewrite(unsigned index, std::uint8_t last, const DesiredDevice& desired) {
    return {.parent = base::IfIndex{index},
            .name = "eth1",
            .mac = {{2, 0, 0, 0, 0, last}},
            .virtual_mac = packet::virtual_mac(desired.vrid, desired.family)};
  }
  RewriteChanges want(const DesiredDevice& desired) {
    rewriting.want(id_of(desired), desired);
    return rewriting.take_changes(table);
  }
  InterfaceTable table;
  Rewriting rewriting;
};

TEST_F(RewritingTest, OnlyAMastersPacketsAreRewritten) {
  EXPECT_TRUE(want(backup(5)).empty());
  EXPECT_THAT(want(master(5)).added, ElementsAre(rewrite(2, 0x11, master(5))));
  EXPECT_TRUE(want(master(5)).empty()) << "it is told once";
  const RewriteChanges left = want(backup(5));
  EXPECT_THAT(left.removed, ElementsAre(rewrite(2, 0x11, master(5))));
  EXPECT_THAT(left.added, IsEmpty());
}

TEST_F(RewritingTest, ARouterThatIsForgottenIsRemoved) {
  want(master(5));
  rewriting.forget(id_of(master(5)));
  EXPECT_THAT(rewriting.take_changes(table).removed, ElementsAre(rewrite(2, 0x11, master(5))));
}

TEST_F(RewritingTest, ANetworkOnTheMacvlanKeepsThePacketsThere) {
  DesiredDevice desired = master(5);
  desired.addresses = {testing::prefix("10.0.0.5", 24)};
  EXPECT_TRUE(want(desired).empty());
  DesiredDevice link_local = master(6, core::Family::ipv6);
  link_local.addresses = {testing::prefix("fe80::5", 64)};
  EXPECT_EQ(want(link_local).added.size(), 1U)
      << "the network of link-local addresses is no network of the group's own";
}

TEST_F(RewritingTest, AnInterfaceThatComesLaterOrAnewIsFollowed) {
  table.apply(netlink::LinkRemoved{base::IfIndex{2}});
  EXPECT_TRUE(want(master(5)).empty());
  put_eth1(7, 0x12);
  EXPECT_TRUE(rewriting.take_changes(table).empty()) << "nothing is looked at without a reason";
  rewriting.recheck({"eth0"});
  EXPECT_TRUE(rewriting.take_changes(table).empty());
  rewriting.recheck({"eth1"});
  EXPECT_THAT(rewriting.take_changes(table).added, ElementsAre(rewrite(7, 0x12, master(5))));
}

TEST_F(RewritingTest, AnotherMacAddressOfTheInterfaceIsFollowed) {
  want(master(5));
  put_eth1(2, 0x22);
  rewriting.recheck_all();
  const RewriteChanges changes = rewriting.take_changes(table);
  EXPECT_THAT(changes.removed, ElementsAre(rewrite(2, 0x11, master(5))));
  EXPECT_THAT(changes.added, ElementsAre(rewrite(2, 0x22, master(5))));
}

TEST_F(RewritingTest, WhatArrivesForAMacvlanOnAMacvlanDoesNotPassTheOneBelow) {
  netlink::Link link = ethernet(2, "eth1");
  link.macvlan = netlink::Macvlan{netlink::MacvlanMode::bridge};
  testing::add_link(table, link);
  EXPECT_TRUE(want(master(5)).empty());
}

}  // namespace
}  // namespace tandem::vrrpd::io
