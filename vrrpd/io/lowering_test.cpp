// SPDX-License-Identifier: Apache-2.0
// A Backup's macvlan is down, and so is, in time, that of a former Master.
#include "vrrpd/io/lowering.h"

#include <gmock/gmock.h>

#include <functional>
#include <set>
#include <vector>

#include "vrrpd/io/reconciler_testing.h"

namespace tandem::vrrpd::io {
namespace {

using core::Family;
using testing::backup;
using testing::device;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kEth1;
using testing::master;
using testing::outcome;
using ::testing::SizeIs;
using testing::want;

class UnusedMacvlan : public testing::QuickAndSlowKernelTest {
 protected:
  const netlink::Link& link(unsigned vrid = 5, Family family = Family::ipv4) const {
    return device(machine, vrid, family)->link;
  }
};

TEST_P(UnusedMacvlan, IsMadeDownAndNeverComesUp) {
  settle_with({backup(5), backup(5, Family::ipv6)});
  EXPECT_THAT(testing::all_of<SetLinkUp>(machine), IsEmpty());
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    EXPECT_FALSE(link(5, family).admin_up);
    EXPECT_TRUE(link(5, family).protodown) << "it sends nothing if another program sets it up";
    EXPECT_TRUE(status_of(machine.table, "eth1", core::Vrid(5), family).device_ready);
  }
  EXPECT_EQ(machine.reconciler.next_unused(), std::nullopt);
}

TEST_P(UnusedMacvlan, ComesUpBeforeItsAddressesInTheStepOfTheClaim) {
  settle_with({backup(5, Family::ipv6)});
  machine.kernel.log.clear();
  want(machine, master(5, Family::ipv6));
  machine.reconciler.step(kUrgent);
  if (GetParam()) {
    machine.finish_execution();
  }
  EXPECT_TRUE(link(5, Family::ipv6).admin_up);
  EXPECT_FALSE(link(5, Family::ipv6).protodown);
  EXPECT_THAT(device(machine, 5, Family::ipv6)->addresses, SizeIs(1));
  // If it is set up first, the claim waits for the kernel to activate it when the carrier comes.
  EXPECT_LT(testing::position_of<SetProtodown>(machine), testing::position_of<SetLinkUp>(machine));
  EXPECT_LT(testing::position_of<SetLinkUp>(machine), testing::position_of<EnableIpv6>(machine));
  EXPECT_LT(testing::position_of<EnableIpv6>(machine), testing::position_of<AddAddress>(machine));
}

TEST_P(UnusedMacvlan, OfAFormerMasterIsSilentAtOnceAndDownLater) {
  settle_with({master(5), master(6), backup(7)});
  EXPECT_EQ(machine.reconciler.next_unused(), std::nullopt);
  machine.kernel.log.clear();
  settle_with({backup(5), backup(6)});
  EXPECT_THAT(machine.kernel.log, SizeIs(2)) << "the addresses, and nothing that takes the kernel long";
  EXPECT_TRUE(link().admin_up);
  EXPECT_EQ(outcome(machine, backup(5)).state, Outcome::State::in_place);
  machine.lower();
  EXPECT_FALSE(link(5).admin_up);
  EXPECT_FALSE(link(6).admin_up);
  EXPECT_EQ(outcome(machine, backup(5)).state, Outcome::State::in_place);
}

TEST_P(UnusedMacvlan, IsNotSetDownWhenItIsClaimedAgain) {
  settle_with({master(5)});
  settle_with({backup(5)});
  ASSERT_EQ(machine.reconciler.next_unused(), link().index);
  want(machine, master(5));
  EXPECT_EQ(machine.reconciler.next_unused(), std::nullopt) << "already before it has its addresses";
  machine.settle();
  EXPECT_EQ(machine.reconciler.next_unused(), std::nullopt);
}

TEST_P(UnusedMacvlan, IsSetDownAgainWhenAnotherProgramSetsItUp) {
  settle_with({backup(5)});
  netlink::Link up = link();
  up.admin_up = true;
  machine.link(up);
  machine.settle();
  EXPECT_TRUE(link().protodown);
  machine.lower();
  EXPECT_FALSE(link().admin_up);
}

TEST_P(UnusedMacvlan, IsRecognisedByTheNextRun) {
  settle_with({backup(5), backup(5, Family::ipv6)});
  KernelState next;
  next.groups = testing::kGroups;
  recognise_prepared(machine.table, next);
  EXPECT_EQ(next.prepared, machine.kernel_state.prepared) << "nothing is prepared twice";
}

// FRR holds its Backups' down by protodown.
TEST_P(UnusedMacvlan, OfSomebodyElseIsFreedForAMaster) {
  netlink::Link foreign = testing::macvlan(7, "gw5", 2, core::Vrid(5));
  foreign.group = 0;
  foreign.protodown = true;
  machine.link(foreign);
  machine.hear();
  settle_with({master(5)});
  EXPECT_EQ(link().name, "gw5");
  EXPECT_FALSE(link().protodown);
  settle_with({backup(5)});
  machine.lower();
  EXPECT_FALSE(link().admin_up);
}

INSTANTIATE_TEST_SUITE_P(Kernel, UnusedMacvlan, ::testing::Bool(), testing::speed_of);

// ---- when

constexpr base::IfIndex kFirst{7};
constexpr base::IfIndex kSecond{8};

struct LoweringTest : ::testing::Test {
  event::Loop loop;
  std::set<base::IfIndex> unused{kFirst, kSecond};
  std::vector<base::IfIndex> begun;
  std::function<void()> on_begin = [] {};

  Lowering lowering{loop, [this] { return unused.empty() ? std::nullopt : std::optional(*unused.begin()); },
                    [this](base::IfIndex index) {
                      begun.push_back(index);
                      EXPECT_EQ(lowering.begun(), index);
                      on_begin();
                    }};
};

TEST_F(LoweringTest, TakesOneAfterTheOther) {
  on_begin = [this] {
    unused.erase(begun.back());
    unused.empty() ? loop.stop() : lowering.on_done();
  };
  lowering.consider();
  loop.run();
  EXPECT_THAT(begun, ElementsAre(kFirst, kSecond));
}

TEST_F(LoweringTest, WhatWasDroppedIsTakenLater) {
  on_begin = [this] {
    if (begun.size() == 2) {
      loop.stop();
    }
    lowering.consider();  // no on_done(): a claim has dropped it
  };
  lowering.consider();
  loop.run();
  EXPECT_THAT(begun, ElementsAre(kFirst, kFirst));
}

}  // namespace
}  // namespace tandem::vrrpd::io
