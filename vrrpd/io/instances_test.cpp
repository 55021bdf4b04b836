// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/instances.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vrrpd/io/limits.h"
#include "vrrpd/io/reconciler_testing.h"

namespace tandem::vrrpd::io::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(Instances, AreReadFromTheTableOfSockets) {
  EXPECT_THAT(parse_instances("Num       RefCount Protocol Flags    Type St Inode Path\n"
                              "000: 00000002 00000000 00000000 0002 01 123 @tandem-vrrpd-1448214528-\n"
                              "000: 00000002 00000000 00000000 0002 01 124 @tandem-vrrpd-1448214531-a b\n"
                              "000: 00000002 00000000 00010000 0001 01 125 /run/tandem-vrrpd-7-x\n"
                              "000: 00000002 00000000 00010000 0001 01 126 @tandem-vrrpd-x\n"
                              "000: 00000002 00000000 00010000 0001 01 127\n"),
              ElementsAre(Pair(1448214528U, ""), Pair(1448214531U, "a b")));
  EXPECT_THAT(parse_instances(""), IsEmpty());
}

TEST(Instances, OneThatRunsIsSeenAndOneThatHasEndedIsNot) {
  const LinkGroups groups = link_groups("of this test");
  {
    InstanceName name(groups, "of this test");
    name.hold();
    InstanceName second(groups, "of this test");
    second.hold();  // nothing happens
    EXPECT_EQ(running_instances().value()[groups.live], "of this test");
  }
  EXPECT_FALSE(running_instances().value().contains(groups.live));
}

constexpr base::TimePoint kStart{std::chrono::hours(1)};

TEST(Absences, AnInstanceHasEndedWhenItWasAbsentForLong) {
  Absences absences;
  for (base::TimePoint when = kStart; when < kStart + kAbsentFor; when += kInspectionPause) {
    EXPECT_THAT(absences.note({7}, when), IsEmpty());
  }
  EXPECT_THAT(absences.note({7}, kStart + kAbsentFor), ElementsAre(7U));
  EXPECT_THAT(absences.note({}, kStart + kAbsentFor + kInspectionPause), IsEmpty());
}

TEST(Absences, OneThatIsThereInBetweenHasNotEnded) {
  Absences absences;
  for (int i = 0; i < 20; ++i) {
    const std::set<std::uint32_t> absent = i % 4 == 0 ? std::set<std::uint32_t>() : std::set<std::uint32_t>{7};
    EXPECT_THAT(absences.note(absent, kStart + i * kInspectionPause), IsEmpty());
  }
}

TEST(Absences, FewInspectionsFarApartTellNothing) {
  Absences absences;
  for (int i = 1; i < kAbsentInspections; ++i) {
    EXPECT_THAT(absences.note({7}, kStart + i * kAbsentFor), IsEmpty());
  }
  EXPECT_THAT(absences.note({7}, kStart + kAbsentInspections * kAbsentFor), ElementsAre(7U));
}

class InstancesTest : public QuickAndSlowKernelTest {
 protected:
  InstancesTest() {
    netlink::Link link = testing::macvlan(50, "vrrp4-2-5", 2, core::Vrid(5));
    link.group = theirs;
    machine.link(link);
    machine.hear();
    machine.kernel_state.instances = {{theirs, "a"}};
  }
  void inspect(const InspectionReport& report) {
    machine.reconciler.order_inspection();
    machine.reconciler.on_inspected(report);
    machine.settle();
  }
  // Inspections each second, until an instance that is absent counts as ended.
  void inspect_until_ended() {
    for (base::TimePoint when = kStart; when <= kStart + kAbsentFor; when += kInspectionPause) {
      inspect({.absent = {theirs}, .when = when, .complete = true});
    }
  }
  std::uint32_t group_of_macvlan() const { return machine.kernel.reality.find(base::IfIndex{50})->link.group; }
  const std::uint32_t theirs = link_groups("a").live;
};

TEST_P(InstancesTest, GroupThatAnotherInstanceServesIsRefusedAndItsMacvlanLeftAlone) {
  settle_with({backup(5), backup(6)});
  const Outcome& refused = outcome(machine, backup(5));
  EXPECT_EQ(refused.state, Outcome::State::refused);
  EXPECT_TRUE(refused.lasting);
  EXPECT_THAT(refused.reason, HasSubstr("served by another vrrpd (instance a)"));
  EXPECT_EQ(outcome(machine, backup(6)).state, Outcome::State::in_place);
  for (const Operation& operation : machine.kernel.log) {
    EXPECT_NE(device_of(operation), base::IfIndex{50});
  }
}

TEST_P(InstancesTest, WhatAnInstanceThatHasEndedLeftIsTakenOver) {
  settle_with({backup(5)});
  inspect_until_ended();
  EXPECT_EQ(outcome(machine, backup(5)).state, Outcome::State::in_place);
}

TEST_P(InstancesTest, WhatWasTakenOverIsOursWhenTheOtherInstanceIsStartedAgain) {
  settle_with({backup(5)});
  inspect_until_ended();
  EXPECT_EQ(group_of_macvlan(), kGroups.live);
  EXPECT_THAT(machine.kernel_state.adopted, IsEmpty());
  machine.kernel.log.clear();
  inspect({.instances = {{theirs, "a"}}, .complete = true});
  EXPECT_EQ(outcome(machine, backup(5)).state, Outcome::State::in_place);
  EXPECT_THAT(machine.kernel.log, IsEmpty());
}

TEST_P(InstancesTest, WhatWasTakenOverIsDeletedAtTheEnd) {
  settle_with({backup(5)});
  inspect_until_ended();
  forget(machine, backup(5));
  machine.settle();
  EXPECT_EQ(machine.kernel.reality.find(base::IfIndex{50}), nullptr);
}

TEST_P(InstancesTest, MacvlanOfAnInstanceWhoseWorkerIsBeingReplacedIsLeftAlone) {
  settle_with({backup(5)});
  machine.kernel.log.clear();
  inspect({.absent = {theirs}, .when = kStart, .complete = true});
  EXPECT_EQ(outcome(machine, backup(5)).state, Outcome::State::pending);
  inspect({.instances = {{theirs, "a"}}, .when = kStart + kInspectionPause, .complete = true});
  EXPECT_TRUE(outcome(machine, backup(5)).lasting);
  EXPECT_EQ(group_of_macvlan(), theirs);
  EXPECT_THAT(machine.kernel.log, IsEmpty());
}

TEST_P(InstancesTest, MacvlanOfAnInstanceThatHasJustStartedIsLeftAlone) {
  machine.kernel_state.instances.clear();
  settle_with({backup(5)});
  EXPECT_EQ(outcome(machine, backup(5)).state, Outcome::State::pending);
  inspect({.instances = {{theirs, "a"}}, .complete = true});
  EXPECT_TRUE(outcome(machine, backup(5)).lasting);
}

TEST_P(InstancesTest, MacvlanThatIsRemovedMakesRoom) {
  settle_with({backup(5)});
  machine.remove(base::IfIndex{50});
  machine.settle();
  EXPECT_EQ(outcome(machine, backup(5)).state, Outcome::State::in_place);
}

INSTANTIATE_TEST_SUITE_P(Kernel, InstancesTest, ::testing::Bool(), testing::speed_of);

}  // namespace
}  // namespace tandem::vrrpd::io::testing
