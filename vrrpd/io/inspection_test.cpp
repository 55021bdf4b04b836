// SPDX-License-Identifier: Apache-2.0
// What is found that the kernel does not report, and what the reconciler makes of it; and the kernel's other ways to
// keep a macvlan from working.
#include "vrrpd/io/inspection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vrrpd/io/limits.h"
#include "vrrpd/io/reconciler_testing.h"

namespace tandem::vrrpd::io::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::vector<Deviation> kStrict{{"ipv4/rp_filter", 1, 2}};

class InspectionTest : public QuickAndSlowKernelTest {
 protected:
  void inspect(const InspectionReport& report) {
    machine.reconciler.order_inspection();
    machine.reconciler.on_inspected(report);
    machine.settle();
  }
  InspectionReport strict(unsigned vrid) const {
    return {.macvlans = {{device(machine, vrid)->link.index, kStrict}}, .complete = true};
  }
};

TEST_P(InspectionTest, WhatSomethingElseHasWrittenIsSetAgain) {
  settle_with({master(5), backup(6)});
  inspect(strict(5));
  const auto healed = all_of<HealSettings>(machine);
  ASSERT_THAT(healed, SizeIs(1));
  EXPECT_EQ(healed[0].index, device(machine, 5)->link.index);
  EXPECT_EQ(healed[0].deviations, kStrict);
  EXPECT_THAT(device(machine, 5)->addresses, SizeIs(1)) << "it stays what it is";
  inspect(strict(6));
  EXPECT_THAT(all_of<HealSettings>(machine), SizeIs(2)) << "a Backup's too";
  inspect({});
  EXPECT_THAT(all_of<HealSettings>(machine), SizeIs(2));
}

TEST_P(InspectionTest, WhatWasChangedSinceTheInspectionBeganIsLeftToTheNext) {
  settle_with({backup(5, core::Family::ipv6)});
  const base::IfIndex index = device(machine, 5, core::Family::ipv6)->link.index;
  machine.reconciler.order_inspection();
  settle_with({master(5, core::Family::ipv6)});
  settle_with({backup(5, core::Family::ipv6)});
  machine.reconciler.on_inspected({.ipv6_on = {index}, .complete = true});
  machine.settle();
  EXPECT_THAT(all_of<HealSettings>(machine), IsEmpty());
}

TEST_P(InspectionTest, Ipv6OfABackupIsSwitchedOffAgainAndThatOfAMasterStays) {
  settle_with({backup(5, core::Family::ipv6), master(6, core::Family::ipv6), master(7)});
  const auto index = [&](unsigned vrid, core::Family family) { return device(machine, vrid, family)->link.index; };
  const base::IfIndex deaf = index(5, core::Family::ipv6);
  const base::IfIndex ipv4 = index(7, core::Family::ipv4);
  inspect({.ipv6_on = {deaf, index(6, core::Family::ipv6), ipv4}, .complete = true});
  std::vector<base::IfIndex> healed;
  for (const HealSettings& heal : all_of<HealSettings>(machine)) {
    EXPECT_THAT(heal.deviations, ElementsAre(Deviation{"ipv6/disable_ipv6", 0, 1}));
    healed.push_back(heal.index);
  }
  EXPECT_THAT(healed, ::testing::UnorderedElementsAre(deaf, ipv4));
}

TEST_P(InspectionTest, ParentThatSomethingElseHasWrittenToIsGuardedAgain) {
  settle_with({master(5), backup(6), backup(6, core::Family::ipv6)});
  const std::size_t before = all_of<GuardParent>(machine).size();
  inspect({.parents = {{kEth1, {{"ipv4/arp_ignore", 0, 1}}}}, .complete = true});
  EXPECT_THAT(all_of<GuardParent>(machine), SizeIs(before + 2)) << "once for each family";
  EXPECT_THAT(machine.kernel_state.guarded, ElementsAre(kEth1));
}

// The first virtual router of a family is not asked whether it can: here it has no macvlan to follow.
TEST_P(InspectionTest, ParentIsGuardedAgainByARouterThatCanAndRestoredInAnyCase) {
  DesiredDevice without = backup(4);
  without.macvlan = DesiredDevice::Macvlan::followed;
  settle_with({without, backup(6)});
  const InspectionReport found{.parents = {{kEth1, {{"ipv4/arp_ignore", 0, 1}}}}, .complete = true};
  inspect(found);
  EXPECT_THAT(machine.kernel_state.guarded, ElementsAre(kEth1));
  machine.kernel.refuse = refuse_with<GuardParent>(EROFS);
  inspect(found);
  EXPECT_THAT(machine.kernel_state.left_guarded, ElementsAre(kEth1));
}

TEST_P(InspectionTest, RefusedHealingIsAnOutcomeAndIsTriedAgain) {
  settle_with({backup(5)});
  machine.kernel.refuse = refuse_with<HealSettings>(EROFS);
  inspect(strict(5));
  EXPECT_EQ(outcome(machine, backup(5)),
            (Outcome{Outcome::State::refused, "cannot set ipv4/rp_filter of vrrp4-eth1-5: Read-only file system"}));
  machine.kernel.refuse = nullptr;
  machine.reconciler.retry();
  machine.settle();
  EXPECT_EQ(outcome(machine, backup(5)).state, Outcome::State::in_place);
}

// FRR leaves its macvlans like that; they look up and have no carrier.
TEST_P(InspectionTest, ProtodownOfAMasterEnds) {
  settle_with({master(5)});
  netlink::Link link = device(machine, 5)->link;
  link.protodown = true;
  machine.link(link);
  machine.settle();
  EXPECT_FALSE(device(machine, 5)->link.protodown);
}

class MtuTest : public InspectionTest {
 protected:
  void set_mtu(unsigned mtu) {  // as the kernel does: macvlans go down with their parent, and stay there
    netlink::Link parent = machine.kernel.reality.find(kEth1)->link;
    parent.mtu = mtu;
    machine.link(parent);
    for (const base::IfIndex index : machine.kernel.reality.macvlans_on(kEth1)) {
      netlink::Link link = machine.kernel.reality.find(index)->link;
      link.mtu = std::min(link.mtu == 0 ? mtu : link.mtu, mtu);
      machine.link(link);
    }
    machine.settle();
  }
  unsigned mtu_of(core::Family family) { return device(machine, 5, family)->link.mtu; }
};

TEST_P(MtuTest, FollowsTheParentUp) {
  settle_with({master(5)});
  set_mtu(1500);
  set_mtu(1400);
  EXPECT_EQ(mtu_of(core::Family::ipv4), 1400U);
  set_mtu(9000);
  EXPECT_EQ(mtu_of(core::Family::ipv4), 9000U);
}

TEST_P(MtuTest, Ipv6ThatBeginsAnewIsPreparedAnew) {
  settle_with({master(5, core::Family::ipv6)});
  set_mtu(1500);
  set_mtu(1200);
  const std::size_t before = all_of<PrepareDevice>(machine).size();
  set_mtu(1500);
  EXPECT_EQ(mtu_of(core::Family::ipv6), 1500U);
  EXPECT_THAT(all_of<PrepareDevice>(machine), SizeIs(before + 1));
}

INSTANTIATE_TEST_SUITE_P(Kernel, InspectionTest, ::testing::Bool(), testing::speed_of);
INSTANTIATE_TEST_SUITE_P(Kernel, MtuTest, ::testing::Bool(), testing::speed_of);

TEST(Inspections, AreOrderedWhileThereIsSomethingToInspectAndAfterwardsAgain) {
  event::Loop loop;
  int carried_out = 0;
  bool wanted = true;
  event::Worker worker("inspector", loop);
  Inspections inspections(
      loop, worker,
      [&](const InspectionOrder&) {
        ++carried_out;
        return InspectionReport{.complete = true};
      },
      [&] {
        return InspectionOrder{
            .groups = kGroups, .adopted = {}, .parents = {kEth1}, .parents_ipv6 = {}, .on_macvlans = {}};
      },
      [&](const InspectionReport&) {
        if (std::exchange(wanted, false)) {
          inspections.soon();
        } else {
          loop.stop();
        }
      });
  inspections.start();
  loop.run();
  EXPECT_EQ(carried_out, 2);
  inspections.stop();
}

}  // namespace
}  // namespace tandem::vrrpd::io::testing
