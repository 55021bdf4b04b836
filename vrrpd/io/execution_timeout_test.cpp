// SPDX-License-Identifier: Apache-2.0
// The kernel takes long: another program holds its lock for all changes of interfaces (RTNL).
#include <gmock/gmock.h>

#include "vrrpd/io/foreign.h"
#include "vrrpd/io/reconciler_testing.h"

namespace tandem::vrrpd::io {
namespace {

using testing::backup;
using testing::device;
using ::testing::ElementsAre;
using testing::following;
using testing::forget;
using ::testing::IsEmpty;
using testing::master;
using testing::outcome;
using testing::prefix;
using ::testing::SizeIs;
using testing::want;

class ExecutionTimeoutTest : public testing::ReconcilerTest {
 protected:
  ExecutionTimeoutTest() {
    settle_with({backup(5), backup(6)});
    machine.kernel.slow = true;
  }
  void step() { machine.reconciler.step(kAnyUrgency); }
};

TEST_F(ExecutionTimeoutTest, NothingElseIsAskedOfTheKernelMeanwhile) {
  want(machine, master(5));
  step();
  EXPECT_TRUE(machine.reconciler.is_waiting());
  want(machine, master(6));
  EXPECT_FALSE(machine.reconciler.has_work(kAnyUrgency));
  EXPECT_NE(outcome(machine, master(5)).state, Outcome::State::in_place) << "it is not known yet";
  machine.finish_execution();
  EXPECT_FALSE(machine.reconciler.is_waiting());
  machine.settle();
  EXPECT_EQ(outcome(machine, master(5)).state, Outcome::State::in_place);
  EXPECT_EQ(outcome(machine, master(6)).state, Outcome::State::in_place);
  EXPECT_THAT(device(machine, 6)->addresses, SizeIs(1));
}

TEST_F(ExecutionTimeoutTest, WhoIsNoLongerMasterByThenLetsGoOfWhatItHasGot) {
  want(machine, master(5));
  step();
  want(machine, backup(5));
  machine.finish_execution();
  EXPECT_THAT(device(machine, 5)->addresses, SizeIs(1)) << "it came too late";
  machine.settle();
  EXPECT_THAT(device(machine, 5)->addresses, IsEmpty());
  EXPECT_EQ(outcome(machine, backup(5)).state, Outcome::State::in_place);
}

TEST_F(ExecutionTimeoutTest, WhoIsNotWantedAnyMoreByThenIsGivenUp) {
  want(machine, master(5));
  step();
  machine.reconciler.forget(testing::id_of(master(5)));
  machine.finish_execution();
  machine.settle();
  EXPECT_EQ(device(machine, 5), nullptr);
}

TEST_F(ExecutionTimeoutTest, RefusalIsToldWhenItIsKnown) {
  machine.kernel.refuse = testing::refuse_with<AddAddress>(ENOSPC);
  want(machine, master(5));
  step();
  machine.finish_execution();
  EXPECT_EQ(outcome(machine, master(5)),
            testing::refused_entirely("cannot add 10.0.0.5/32 to vrrp4-eth1-5: No space left on device"));
}

class FollowedMacvlanTimeoutTest : public testing::ReconcilerTest {
 protected:
  // On a macvlan of another program for VRID 8, with 10.0.0.5/32.
  FollowedMacvlanTimeoutTest() {
    netlink::Link foreign = testing::macvlan(7, "gw8", 2, core::Vrid(8));
    foreign.group = 0;
    machine.link(foreign);
    machine.address(7, kAddress);
    machine.hear();
    machine.kernel.slow = true;
  }
  void step() { machine.reconciler.step(kAnyUrgency); }
  std::vector<base::IpPrefix> addresses() const {
    return foreign_macvlans(machine.table, machine.kernel_state).at(0).addresses;
  }

  const base::IpPrefix kAddress = prefix("10.0.0.5", 32);
};

TEST_F(FollowedMacvlanTimeoutTest, TakingItOverIsNotTakenForSomebodyElses) {
  want(machine, following(backup(8)));
  step();
  machine.kernel.happen(netlink::AddressRemoved{{.interface = base::IfIndex{7}, .prefix = kAddress}});
  machine.hear();  // the kernel has done it, and has more to do
  EXPECT_THAT(addresses(), ElementsAre(kAddress));
  machine.settle();
  EXPECT_THAT(addresses(), ElementsAre(kAddress));
}

TEST_F(FollowedMacvlanTimeoutTest, WhatIsNotWantedAnyMoreWhenItIsTakenOverIsGivenBack) {
  want(machine, following(backup(8)));
  step();
  forget(machine, backup(8));
  machine.settle();
  EXPECT_THAT(device(machine, 8)->addresses, SizeIs(1));
  EXPECT_THAT(machine.kernel_state.adopted, IsEmpty());
}

TEST_F(FollowedMacvlanTimeoutTest, OurOwnChangesAreNotTakenForSomebodyElses) {
  want(machine, following(master(8)));
  machine.settle();
  want(machine, following(backup(8)));
  step();
  want(machine, following(master(8)));  // that the address goes is heard after this
  machine.settle();
  EXPECT_THAT(addresses(), ElementsAre(kAddress));
  EXPECT_THAT(device(machine, 8)->addresses, SizeIs(1));
}

TEST_F(FollowedMacvlanTimeoutTest, SomebodyElsesChangesCountMeanwhile) {
  want(machine, following(master(8)));
  machine.settle();
  want(machine, following(backup(8)));
  step();
  machine.address(7, prefix("10.0.0.6", 24));
  machine.settle();
  EXPECT_THAT(addresses(), ElementsAre(kAddress, prefix("10.0.0.6", 24)));
  EXPECT_THAT(device(machine, 8)->addresses, IsEmpty());
}

}  // namespace
}  // namespace tandem::vrrpd::io
