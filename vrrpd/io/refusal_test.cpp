// SPDX-License-Identifier: Apache-2.0
// What the kernel refuses, or cannot be asked for, and what the reconciler makes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vrrpd/io/limits.h"
#include "vrrpd/io/reconciler_testing.h"

namespace tandem::vrrpd::io::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
class RefusalTest : public QuickAndSlowKernelTest {};

TEST_P(RefusalTest, EveryRefusalIsAnOutcomeWithItsReasonAndStopsNobodyElse) {
  struct Case {
    std::function<int(const Operation&)> refuse;
    std::string reason;
  };
  const std::vector<Case> cases{
      {refuse_with<CreateDevice>(EEXIST), "cannot create interface vrrp4-eth1-5: File exists"},
      {refuse_with<CreateDevice>(EPERM), "cannot create interface vrrp4-eth1-5: Operation not permitted"},
      {refuse_with<GuardParent>(EROFS),
       "cannot set arp_ignore, arp_announce and accept_local of eth1: Read-only file system"},
      {refuse_with<SetLinkUp>(EBUSY), "cannot set vrrp4-eth1-5 up: Device or resource busy"},
      {refuse_with<AddAddress>(ENOSPC), "cannot add 10.0.0.5/32 to vrrp4-eth1-5: No space left on device"},
  };
  for (const Case& one : cases) {
    Machine here;
    here.kernel.slow = GetParam();
    here.link(ethernet(2, "eth1"));
    here.hear();
    here.kernel.refuse = one.refuse;
    want(here, master(5));
    want(here, backup(5, core::Family::ipv6));
    here.settle();
    EXPECT_EQ(outcome(here, master(5)).state, Outcome::State::refused);
    EXPECT_EQ(outcome(here, master(5)).reason, one.reason);
    EXPECT_TRUE(outcome(here, backup(5, core::Family::ipv6)).settled());
    EXPECT_TRUE(here.reconciler.changes().routers.contains(id_of(master(5))));
    here.kernel.refuse = nullptr;
    here.link(ethernet(9, "another"));
    here.settle();
    EXPECT_EQ(outcome(here, master(5)).state, Outcome::State::in_place) << "tried again when interfaces change";
  }
}

// A kernel without memory does not say when it has some again.
TEST_P(RefusalTest, RefusedReleaseIsTriedAgainWithoutAnEvent) {
  settle_with({master(5)});
  machine.kernel.refuse = [](const Operation&) { return ENOMEM; };
  settle_with({backup(5)});
  EXPECT_EQ(outcome(machine, backup(5)).state, Outcome::State::refused);
  EXPECT_FALSE(device(machine, 5)->addresses.empty());
  EXPECT_TRUE(machine.reconciler.has_refused());
  machine.kernel.refuse = nullptr;
  machine.reconciler.retry();
  EXPECT_EQ(outcome(machine, backup(5)).state, Outcome::State::refused) << "until it is done";
  machine.settle();
  EXPECT_EQ(outcome(machine, backup(5)).state, Outcome::State::in_place);
  EXPECT_TRUE(device(machine, 5)->addresses.empty());
  EXPECT_FALSE(machine.reconciler.has_refused());
}

// The pause before the next try has grown by then; it must not hold up what may be refused for a moment only.
TEST_P(RefusalTest, OnlyTheFirstRefusalOfSomethingIsNew) {
  const auto refused = [&](unsigned vrid) {
    const auto taken = device(machine, vrid)->link.index;
    return [taken](const Operation& operation) { return device_of(operation) == taken ? ENOMEM : 0; };
  };
  settle_with({master(5), master(6)});
  EXPECT_FALSE(machine.reconciler.take_newly_refused());
  machine.kernel.refuse = refused(5);
  settle_with({backup(5)});
  EXPECT_TRUE(machine.reconciler.take_newly_refused());
  for (int i = 0; i < 2; ++i) {
    machine.reconciler.retry();
    machine.settle();
    EXPECT_TRUE(machine.reconciler.has_refused());
    EXPECT_FALSE(machine.reconciler.take_newly_refused());
  }
  machine.kernel.refuse = [](const Operation&) { return ENOMEM; };
  settle_with({backup(6)});
  EXPECT_TRUE(machine.reconciler.take_newly_refused()) << "of another one";
}

TEST_P(RefusalTest, TakenNameIsARefusalUntilItIsFree) {
  machine.link(ethernet(9, "vrrp4-eth1-5"));
  machine.hear();
  settle_with({backup(5), backup(6)});
  EXPECT_EQ(
      outcome(machine, backup(5)),
      (Outcome{Outcome::State::refused, "cannot create interface vrrp4-eth1-5: another interface has that name"}));
  EXPECT_EQ(outcome(machine, backup(6)).state, Outcome::State::in_place);
  machine.link(ethernet(9, "renamed"));
  machine.settle();
  EXPECT_EQ(outcome(machine, backup(5)).state, Outcome::State::in_place);
}

TEST_P(RefusalTest, InterfaceThatIsNotEthernetIsRefused) {
  netlink::Link tunnel = ethernet(8, "tun0");
  tunnel.ethernet = false;
  machine.link(tunnel);
  machine.hear();
  DesiredDevice desired = backup(5);
  desired.interface = "tun0";
  settle_with({desired});
  EXPECT_EQ(outcome(machine, desired), (Outcome{Outcome::State::refused, "tun0 is not an Ethernet interface"}));
}

TEST_P(RefusalTest, AddressThatNoHostOfTheInterfacesNetworkHasIsRefused) {
  DesiredDevice desired = backup(5);
  desired.addresses = {prefix("10.0.0.7", 32)};
  const std::vector<netlink::Event> cures{
      netlink::AddressRemoved{{.interface = kEth1, .prefix = prefix("10.0.0.6", 30)}},
      netlink::AddressAdded{{.interface = kEth1, .prefix = prefix("10.0.0.9", 24)}}};  // where it is like any other
  for (const netlink::Event& cure : cures) {
    Machine here;
    here.kernel.slow = GetParam();
    here.link(ethernet(2, "eth1"));
    here.address(2, prefix("10.0.0.6", 30));
    here.hear();
    want(here, desired);
    here.settle();
    EXPECT_EQ(outcome(here, desired),
              refused_entirely("10.0.0.7 is the broadcast address of the network (eth1 has 10.0.0.6/30)"));
    here.kernel.happen(cure);
    here.settle();
    EXPECT_EQ(outcome(here, desired).state, Outcome::State::in_place);
  }
}

TEST_P(RefusalTest, AddressThatIsHeldWhenTheInterfaceGetsSuchANetworkIsLetGo) {
  DesiredDevice desired = master(5);
  desired.addresses = {prefix("10.0.0.7", 32)};
  settle_with({desired});
  machine.address(2, prefix("10.0.0.6", 30));
  machine.settle();
  desired.claimed = false;
  settle_with({desired});
  EXPECT_THAT(device(machine, 5)->addresses, IsEmpty());
  desired.claimed = true;
  settle_with({desired});
  EXPECT_EQ(outcome(machine, desired).state, Outcome::State::refused);
  EXPECT_THAT(device(machine, 5)->addresses, IsEmpty());
}

TEST_P(RefusalTest, WhatAnotherHandWasFasterWithIsNoRefusal) {
  settle_with({backup(5)});
  machine.remove(device(machine, 5)->link.index);  // not heard of yet
  machine.kernel.refuse = refuse_with<AddAddress>(ENODEV);
  want(machine, master(5));
  machine.reconciler.step(kUrgent);
  EXPECT_EQ(outcome(machine, master(5)).state, Outcome::State::pending);
  machine.kernel.refuse = nullptr;
  machine.settle();
  EXPECT_EQ(outcome(machine, master(5)).state, Outcome::State::in_place);
  EXPECT_THAT(device(machine, 5)->addresses, SizeIs(1));
}

INSTANTIATE_TEST_SUITE_P(Kernel, RefusalTest, ::testing::Bool(), testing::speed_of);

}  // namespace
}  // namespace tandem::vrrpd::io::testing
