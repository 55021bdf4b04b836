// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/reconcile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <net/if.h>

#include <random>

#include "vrrpd/io/testing.h"

namespace tandem::vrrpd::io {
namespace {

using base::IfIndex;
using core::Family;
using core::Vrid;
using testing::add_address;
using testing::add_link;
using testing::ethernet;
using testing::FakeKernel;
using ::testing::IsEmpty;
using testing::kGroups;
using testing::macvlan;
using testing::prefix;
using ::testing::SizeIs;

DesiredDevice backup(unsigned vrid, Family family = Family::ipv4) {
  return {.interface = "eth1",
          .vrid = Vrid(vrid),
          .family = family,
          .claimed = false,
          .addresses = {family == Family::ipv4 ? prefix("10.0.0.5", 32) : prefix("fe80::5", 64)}};
}

DesiredDevice master(unsigned vrid, Family family = Family::ipv4) {
  DesiredDevice desired = backup(vrid, family);
  desired.claimed = true;
  return desired;
}

Plan plan(const FakeKernel& kernel, const std::vector<DesiredDevice>& desired) {
  std::vector<const DesiredDevice*> pointers;
  for (const DesiredDevice& one : desired) {
    pointers.push_back(&one);
  }
  return plan_all(pointers, kernel.table, kernel.memory);
}

// Reconciles until nothing is left to do; two rounds have to suffice.
void settle(FakeKernel& kernel, const std::vector<DesiredDevice>& desired) {
  kernel.carry_out(plan(kernel, desired).operations);
  kernel.carry_out(plan(kernel, desired).operations);
  EXPECT_THAT(plan(kernel, desired).operations, IsEmpty());
}

template <class T>
std::vector<T> all_of(const Plan& plan) {
  std::vector<T> found;
  for (const Operation& operation : plan.operations) {
    if (const auto* one = std::get_if<T>(&operation)) {
      found.push_back(*one);
    }
  }
  return found;
}

template <class T>
std::size_t position_of(const Plan& plan) {
  std::size_t position = 0;
  while (position < plan.operations.size() && !std::holds_alternative<T>(plan.operations[position])) {
    ++position;
  }
  return position;
}

const Interface* device(const FakeKernel& kernel, unsigned vrid, Family family = Family::ipv4) {
  return kernel.table.macvlan(IfIndex{2}, packet::virtual_mac(Vrid(vrid), family));
}

FakeKernel with_eth1() {
  FakeKernel kernel;
  add_link(kernel.table, ethernet(2, "eth1"));
  return kernel;
}

TEST(Reconcile, BackupHasADeafMacvlan) {
  FakeKernel kernel = with_eth1();
  settle(kernel, {backup(5), backup(5, Family::ipv6)});
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    const Interface* const found = device(kernel, 5, family);
    ASSERT_NE(found, nullptr);
    EXPECT_TRUE(found->link.admin_up);
    EXPECT_EQ(found->link.macvlan->mode, netlink::MacvlanMode::bridge);
    EXPECT_EQ(found->link.group, kGroups.live);
    EXPECT_THAT(found->addresses, IsEmpty());
    EXPECT_EQ(kernel.memory.prepared.at(found->link.index), Memory::Ipv6::off);
  }
}

TEST(Reconcile, MacvlanIsPreparedBeforeItComesUp) {
  FakeKernel kernel = with_eth1();
  kernel.carry_out(plan(kernel, {master(5, Family::ipv6)}).operations);
  const Plan second = plan(kernel, {master(5, Family::ipv6)});
  EXPECT_LT(position_of<PrepareDevice>(second), position_of<SetLinkUp>(second));
  EXPECT_LT(position_of<SetLinkUp>(second), position_of<EnableIpv6>(second));
  EXPECT_LT(position_of<EnableIpv6>(second), position_of<AddAddress>(second));
  EXPECT_LT(position_of<AddAddress>(second), second.operations.size());
}

TEST(Reconcile, MasterOwnsTheAddressesAndLetsGoInOneStepOnIpv6) {
  FakeKernel kernel = with_eth1();
  settle(kernel, {master(5), master(5, Family::ipv6)});
  EXPECT_THAT(device(kernel, 5)->addresses, SizeIs(1));
  EXPECT_THAT(device(kernel, 5, Family::ipv6)->addresses, SizeIs(1));

  const Plan leaving = plan(kernel, {backup(5), backup(5, Family::ipv6)});
  EXPECT_THAT(all_of<DisableIpv6>(leaving), SizeIs(1));
  EXPECT_THAT(all_of<RemoveAddress>(leaving), SizeIs(1)) << "a removed IPv6 address would send an MLD leave";
  EXPECT_THAT(leaving.operations, SizeIs(2));
}

TEST(Reconcile, ChangedAddressesOfAMasterAreExchanged) {
  FakeKernel kernel = with_eth1();
  settle(kernel, {master(5)});
  DesiredDevice changed = master(5);
  changed.addresses = {prefix("10.0.0.6", 32)};
  settle(kernel, {changed});
  ASSERT_THAT(device(kernel, 5)->addresses, SizeIs(1));
  EXPECT_EQ(device(kernel, 5)->addresses[0].prefix, prefix("10.0.0.6", 32));
}

TEST(Reconcile, HealsWhatSomebodyElseDid) {
  const std::vector<DesiredDevice> desired{master(5)};
  FakeKernel healthy = with_eth1();
  settle(healthy, desired);
  const netlink::Link link = device(healthy, 5)->link;
  const auto harm = [&](const netlink::Event& event) {
    FakeKernel kernel = healthy;
    kernel.table.apply(event);
    if (std::holds_alternative<netlink::LinkRemoved>(event)) {
      kernel.memory.forget(link.index);
    }
    EXPECT_FALSE(plan(kernel, desired).operations.empty());
    settle(kernel, desired);
    ASSERT_NE(device(kernel, 5), nullptr);
    EXPECT_TRUE(device(kernel, 5)->link.admin_up);
    EXPECT_EQ(device(kernel, 5)->link.macvlan->mode, netlink::MacvlanMode::bridge);
    ASSERT_THAT(device(kernel, 5)->addresses, SizeIs(1));
    EXPECT_EQ(device(kernel, 5)->addresses[0].prefix, prefix("10.0.0.5", 32));
  };
  netlink::Link down = link;
  down.admin_up = false;
  netlink::Link other_mode = link;
  other_mode.macvlan->mode = netlink::MacvlanMode::source;
  harm(netlink::LinkChanged{down});
  harm(netlink::LinkChanged{other_mode});
  harm(netlink::LinkRemoved{link.index});
  harm(netlink::AddressRemoved{{.interface = link.index, .prefix = prefix("10.0.0.5", 32)}});
  harm(netlink::AddressAdded{{.interface = link.index, .prefix = prefix("10.0.0.99", 32)}});
}

TEST(Reconcile, RenamedMacvlanOfOursStaysInUse) {
  FakeKernel kernel = with_eth1();
  settle(kernel, {master(5)});
  netlink::Link link = device(kernel, 5)->link;
  link.name = "other";
  add_link(kernel.table, link);
  EXPECT_THAT(plan(kernel, {master(5)}).operations, IsEmpty());
}

TEST(Reconcile, UnwantedMacvlanIsSilencedBeforeItsDeletion) {
  FakeKernel kernel = with_eth1();
  settle(kernel, {master(5), master(6, Family::ipv6)});
  const Plan giving_up = plan(kernel, {});
  EXPECT_LT(position_of<DisableIpv6>(giving_up), position_of<SetGroup>(giving_up));
  EXPECT_LT(position_of<RemoveAddress>(giving_up), position_of<SetGroup>(giving_up));
  EXPECT_EQ(position_of<EmptyGraveyard>(giving_up), giving_up.operations.size() - 1);
  settle(kernel, {});
  EXPECT_THAT(kernel.table.all(), SizeIs(1)) << "only eth1 is left";
}

TEST(Reconcile, MacvlanOfACrashedRunIsSilencedAndUsedAgain) {
  FakeKernel kernel = with_eth1();
  add_link(kernel.table, macvlan(7, "vrrp4-2-5", 2, Vrid(5)));
  add_address(kernel.table, 7, prefix("10.0.0.5", 32));
  settle(kernel, {backup(5)});
  EXPECT_EQ(device(kernel, 5)->link.index, IfIndex{7});
  EXPECT_THAT(device(kernel, 5)->addresses, IsEmpty());
  settle(kernel, {});
  EXPECT_EQ(device(kernel, 5), nullptr) << "it is ours: deleted";
}

TEST(Reconcile, ForeignMacvlanIsUsedAndGivenBackAsItWas) {
  FakeKernel kernel = with_eth1();
  netlink::Link foreign = macvlan(7, "gw5", 2, Vrid(5));
  foreign.group = 0;
  foreign.macvlan->mode = netlink::MacvlanMode::private_;
  add_link(kernel.table, foreign);
  add_address(kernel.table, 7, prefix("10.0.0.5", 24));
  settle(kernel, {master(5)});
  EXPECT_EQ(device(kernel, 5)->link.index, IfIndex{7});
  EXPECT_EQ(device(kernel, 5)->link.group, 0U);
  ASSERT_THAT(device(kernel, 5)->addresses, SizeIs(1));
  EXPECT_EQ(device(kernel, 5)->addresses[0].prefix, prefix("10.0.0.5", 32));

  settle(kernel, {});
  const Interface* const returned = kernel.table.find("gw5");
  ASSERT_NE(returned, nullptr);
  EXPECT_FALSE(returned->link.admin_up);
  EXPECT_EQ(returned->link.macvlan->mode, netlink::MacvlanMode::private_);
  ASSERT_THAT(returned->addresses, SizeIs(1));
  EXPECT_EQ(returned->addresses[0].prefix, prefix("10.0.0.5", 24));
}

TEST(Reconcile, ForeignMacvlanNobodyWantsIsNotTouched) {
  FakeKernel kernel = with_eth1();
  netlink::Link foreign = macvlan(7, "gw5", 2, Vrid(5));
  foreign.group = 0;
  add_link(kernel.table, foreign);
  add_address(kernel.table, 7, prefix("10.0.0.5", 24));
  EXPECT_THAT(plan(kernel, {backup(6)}).operations, SizeIs(2)) << "the guard of the parent and the macvlan of 6";
}

TEST(Reconcile, TakenNameIsAProblemAndNothingElse) {
  FakeKernel kernel = with_eth1();
  add_link(kernel.table, ethernet(9, "vrrp4-2-5"));
  const Plan found = plan(kernel, {backup(5), backup(6)});
  ASSERT_THAT(found.problems, SizeIs(1));
  EXPECT_EQ(found.problems[0].kind, Problem::Kind::name_taken);
  EXPECT_EQ(found.problems[0].device, "vrrp4-2-5");
  EXPECT_THAT(all_of<CreateDevice>(found), SizeIs(1));
}

TEST(Reconcile, MissingParentIsAwaited) {
  FakeKernel kernel;
  EXPECT_THAT(plan(kernel, {master(5)}).operations, IsEmpty());
  add_link(kernel.table, ethernet(2, "eth1"));
  settle(kernel, {master(5)});
  EXPECT_NE(device(kernel, 5), nullptr);
}

TEST(Reconcile, RenamedParentTakesItsMacvlansAway) {
  FakeKernel kernel = with_eth1();
  settle(kernel, {master(5)});
  add_link(kernel.table, ethernet(2, "wan0"));
  settle(kernel, {master(5)});
  EXPECT_THAT(kernel.table.all(), SizeIs(1));
  EXPECT_THAT(kernel.memory.guarded, IsEmpty());
}

TEST(Reconcile, BuriedMacvlanThatIsWantedAgainIsUsed) {
  FakeKernel kernel = with_eth1();
  netlink::Link buried = macvlan(7, "vrrp4-2-5", 2, Vrid(5));
  buried.group = kGroups.graveyard;
  add_link(kernel.table, buried);
  settle(kernel, {backup(5)});
  EXPECT_EQ(device(kernel, 5)->link.index, IfIndex{7});
  EXPECT_EQ(device(kernel, 5)->link.group, kGroups.live);
}

TEST(Reconcile, ParentIsGuardedOnceAndForIpv4Only) {
  FakeKernel kernel = with_eth1();
  EXPECT_THAT(all_of<GuardParent>(plan(kernel, {backup(5, Family::ipv6)})), IsEmpty());
  EXPECT_THAT(all_of<GuardParent>(plan(kernel, {backup(5), backup(6)})), SizeIs(1));
}

TEST(Reconcile, GuardOfACrashedRunIsUndoneIfNobodyWantsIt) {
  FakeKernel kernel = with_eth1();
  kernel.memory.left_guarded = {IfIndex{2}};
  EXPECT_THAT(all_of<ReleaseParent>(plan(kernel, {})), SizeIs(1));
  EXPECT_THAT(all_of<GuardParent>(plan(kernel, {backup(5)})), SizeIs(1));
}

// Whatever the kernel looked like and whatever is wanted: two rounds settle it, the third has nothing to do, and the
// Masters own exactly their addresses.
TEST(Reconcile, IsIdempotentFromAnyState) {
  std::mt19937 random(1);
  const auto one_of = [&](unsigned count) { return static_cast<unsigned>(random() % count); };
  FakeKernel kernel = with_eth1();
  for (int round = 0; round < 2000; ++round) {
    std::vector<DesiredDevice> desired;
    for (unsigned vrid = 1; vrid <= 4; ++vrid) {
      const Family family = one_of(2) == 0 ? Family::ipv4 : Family::ipv6;
      if (one_of(4) != 0) {
        desired.push_back(one_of(2) == 0 ? backup(vrid, family) : master(vrid, family));
      }
    }
    // A foreign hand: sets links down, changes modes and groups, adds addresses, deletes links.
    const std::map<IfIndex, Interface> before = kernel.table.all();
    for (const auto& [index, interface] : before) {
      netlink::Link link = interface.link;
      if (!link.macvlan || one_of(2) == 0) {
        continue;
      }
      link.admin_up = one_of(2) == 0;
      link.macvlan->mode = one_of(2) == 0 ? netlink::MacvlanMode::vepa : netlink::MacvlanMode::bridge;
      link.group = one_of(8) == 0 ? 0 : link.group;
      add_link(kernel.table, link);
      add_address(kernel.table, base::to_number(index), prefix(one_of(2) == 0 ? "10.0.0.77" : "2001:db8::77", 32));
      if (one_of(4) == 0) {
        kernel.table.apply(netlink::LinkRemoved{index});
        kernel.memory.forget(index);
      }
    }
    settle(kernel, desired);
    for (const DesiredDevice& one : desired) {
      const Interface* const found = device(kernel, one.vrid.value(), one.family);
      ASSERT_NE(found, nullptr);
      EXPECT_THAT(found->addresses, SizeIs(one.claimed ? 1 : 0));
    }
    if (HasFailure()) {
      FAIL() << "in round " << round;
    }
  }
}

TEST(DeviceName, FitsIntoWhatTheKernelAllows) {
  EXPECT_EQ(device_name(IfIndex{3}, Vrid(5), Family::ipv4), "vrrp4-3-5");
  EXPECT_EQ(device_name(IfIndex{12345}, Vrid(255), Family::ipv6), "vrrp6-12345-255");
  EXPECT_EQ(device_name(IfIndex{123456}, Vrid(255), Family::ipv6), "v6-1e240-ff");
  EXPECT_LT(device_name(IfIndex{0xffffffff}, Vrid(255), Family::ipv6).size(), std::size_t{IFNAMSIZ});
}

TEST(LinkGroups, AreDifferentForInstances) {
  EXPECT_NE(link_groups("").live, link_groups("").graveyard);
  EXPECT_NE(link_groups("").live, link_groups("a").live);
  EXPECT_NE(link_groups("b").live, link_groups("a").live);
}

}  // namespace
}  // namespace tandem::vrrpd::io
