// SPDX-License-Identifier: Apache-2.0
// Macvlans that another program made, and the groups that follow from them (`vrrp autoconfigure`).
#include <gmock/gmock.h>

#include "vrrpd/io/foreign.h"
#include "vrrpd/io/reconciler_testing.h"
#include "vrrpd/io/saved_state.h"

namespace tandem::vrrpd::io {
namespace {

using core::Family;
using core::Vrid;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace testing;  // NOLINT(google-build-using-namespace): of this folder

constexpr base::IfIndex kGw5{7};

class FollowTest : public QuickAndSlowKernelTest {
 protected:
  // What the operator does: gw5 with 10.0.0.5/32 on eth1.
  void make_gw5() {
    netlink::Link foreign = macvlan(7, "gw5", 2, Vrid(5));
    foreign.group = 0;
    machine.link(foreign);
    machine.address(7, prefix("10.0.0.5", 32));
    machine.settle();
  }
  std::vector<ForeignMacvlan> found() const { return foreign_macvlans(machine.table, machine.kernel_state); }
  std::vector<base::IpPrefix> addresses() const { return found().at(0).addresses; }
  void add(const base::IpPrefix& address) {
    machine.address(7, address);
    machine.settle();
  }
  void remove(const base::IpPrefix& address, std::chrono::seconds left) {
    machine.kernel.happen(netlink::AddressRemoved{{.interface = kGw5, .prefix = address, .lifetime = left}});
    machine.settle();
  }
};

TEST_P(FollowTest, ForeignMacvlansAreFoundWithTheirVirtualAddresses) {
  make_gw5();
  machine.address(7, prefix("fe80::1", 64));
  netlink::Link other_mac = macvlan(8, "mv0", 2, Vrid(6));
  other_mac.group = 0;
  other_mac.mac = base::MacAddress{{2, 0, 0, 0, 0, 1}};
  machine.link(other_mac);
  machine.link(macvlan(9, "vrrp4-2-9", 2, Vrid(9)));  // of a run of ours that crashed
  netlink::Link of_instance = macvlan(10, "vrrp4-2-10", 2, Vrid(10));
  of_instance.group = link_groups("other").live;
  machine.link(of_instance);
  machine.hear();
  EXPECT_THAT(found(),
              ElementsAre(ForeignMacvlan{kGw5, "gw5", "eth1", Vrid(5), Family::ipv4, {prefix("10.0.0.5", 32)}}));
}

TEST_P(FollowTest, AdoptedMacvlanIsReportedAsItWas) {
  make_gw5();
  want(machine, following(backup(5)));
  machine.settle();
  EXPECT_THAT(device(machine, 5)->addresses, IsEmpty());
  EXPECT_THAT(addresses(), ElementsAre(prefix("10.0.0.5", 32)));
}

TEST_P(FollowTest, NoMacvlanIsMadeInPlaceOfAFollowedOne) {
  want(machine, following(backup(5)));
  machine.settle();
  EXPECT_EQ(device(machine, 5), nullptr);
  EXPECT_EQ(outcome(machine, backup(5)).state, Outcome::State::no_parent);
  make_gw5();
  EXPECT_EQ(outcome(machine, backup(5)).state, Outcome::State::in_place);
  machine.remove(kGw5);
  machine.settle();
  EXPECT_EQ(device(machine, 5), nullptr);
  EXPECT_THAT(found(), IsEmpty());
}

TEST_P(FollowTest, AddressesPutOnItCountAndAreGivenBack) {
  make_gw5();
  want(machine, following(backup(5)));
  machine.settle();
  machine.reconciler.take_changes();
  add(prefix("10.0.0.6", 24));
  EXPECT_TRUE(machine.reconciler.changes().foreign_macvlans);
  EXPECT_THAT(device(machine, 5)->addresses, IsEmpty()) << "a Backup's is silent all the same";
  EXPECT_THAT(addresses(), ElementsAre(prefix("10.0.0.5", 32), prefix("10.0.0.6", 24)));
  forget(machine, backup(5));
  machine.settle();
  EXPECT_THAT(device(machine, 5)->addresses, SizeIs(2));
}

TEST_P(FollowTest, AddressPutOnAMastersStaysUntilItIsWanted) {
  make_gw5();
  want(machine, following(master(5)));
  machine.settle();
  machine.kernel.log.clear();
  add(prefix("10.0.0.6", 32));
  EXPECT_THAT(all_of<RemoveAddress>(machine), IsEmpty());
  EXPECT_THAT(addresses(), SizeIs(2));
}

TEST_P(FollowTest, AddressTakenOffAMastersIsGoneForGood) {
  make_gw5();
  machine.reconciler.set_lease(std::chrono::seconds(10));
  want(machine, following(master(5)));
  machine.settle();
  remove(prefix("10.0.0.5", 32), std::chrono::seconds(8));
  EXPECT_THAT(addresses(), IsEmpty());
}

TEST_P(FollowTest, WhatTheKernelTakesOffItByItselfIsPutBack) {
  make_gw5();
  machine.reconciler.set_lease(std::chrono::seconds(10));
  want(machine, following(master(5)));
  machine.settle();
  remove(prefix("10.0.0.5", 32), std::chrono::seconds(0));  // the lease has run out: the daemon was stopped
  EXPECT_THAT(addresses(), SizeIs(1));
  EXPECT_THAT(device(machine, 5)->addresses, SizeIs(1));
}

TEST_P(FollowTest, OurOwnChangesSayNothingAboutIt) {
  make_gw5();
  for (const DesiredDevice& desired : {backup(5), master(5), backup(5), master(5), backup(5)}) {
    want(machine, following(desired));
    machine.settle();
    EXPECT_THAT(addresses(), ElementsAre(prefix("10.0.0.5", 32)));
  }
}

TEST_P(FollowTest, OfAConfiguredGroupOthersChangeNothing) {
  make_gw5();
  want(machine, master(5));
  machine.settle();
  add(prefix("10.0.0.6", 32));
  remove(prefix("10.0.0.5", 32), std::chrono::seconds(8));
  EXPECT_THAT(addresses(), ElementsAre(prefix("10.0.0.5", 32)));
  EXPECT_THAT(device(machine, 5)->addresses, SizeIs(1));
}

TEST(SavedState, LaterRecordOfAMacvlanTakesThePlaceOfTheFirst) {
  const Original before{"gw5", netlink::MacvlanMode::bridge, netlink::AdminState::up, {prefix("10.0.0.5", 32)}};
  Original after = before;
  after.addresses = {prefix("10.0.0.6", 24)};
  const std::string text = print_record(kGw5, before) + print_record(kGw5, after);
  EXPECT_EQ(parse_records(text).adopted.at(kGw5), after);
}

INSTANTIATE_TEST_SUITE_P(Kernel, FollowTest, ::testing::Bool(), testing::speed_of);

}  // namespace
}  // namespace tandem::vrrpd::io
