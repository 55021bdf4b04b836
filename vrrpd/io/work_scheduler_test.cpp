// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/work_scheduler.h"

#include <gtest/gtest.h>

#include "vrrpd/io/reconciler_testing.h"

namespace tandem::vrrpd::io {
namespace {

using core::RouterId;
using core::Vrid;
using testing::backup;
using testing::kGroups;
using testing::master;

constexpr RouterId kRouter{1};
constexpr base::IfIndex kMacvlan{7};

struct WorkSchedulerTest : ::testing::Test {
  WorkSchedulerTest() {
    kernel_state.groups = kGroups;
    testing::add_link(table, testing::ethernet(2, "eth1"));
    testing::add_link(table, testing::macvlan(7, "vrrp4-eth1-5", 2, Vrid(5)));
  }
  const netlink::Link& macvlan() const { return table.find(kMacvlan)->link; }
  void add_address() { testing::add_address(table, 7, testing::prefix("10.0.0.5", 32)); }
  void refuse() {
    desired.at(kRouter).outcome = {Outcome::State::refused, "no memory"};
    scheduler.defer_refused(router_item(kRouter));
  }

  InterfaceTable table;
  KernelState kernel_state;
  DesiredState desired{table};
  StepsUnderWay steps;
  WorkScheduler scheduler{{table, kernel_state, desired, steps}};
};

TEST_F(WorkSchedulerTest, ClaimsAndReleasesAreUrgentAndBuildingIsNot) {
  desired.set(kRouter, master(5));
  scheduler.enqueue(kRouter);
  EXPECT_EQ(scheduler.take(kUrgent), router_item(kRouter));
  desired.set(kRouter, backup(5));
  scheduler.enqueue(kRouter);
  EXPECT_FALSE(scheduler.has(kUrgent)) << "its macvlan has no address";
  add_address();
  scheduler.enqueue(kRouter);
  EXPECT_TRUE(scheduler.has(Urgency::release));
}

TEST_F(WorkSchedulerTest, MacvlanIsTheWorkOfTheRouterThatWantsIt) {
  scheduler.enqueue_device(macvlan());
  EXPECT_FALSE(scheduler.has(Urgency::build));
  EXPECT_EQ(scheduler.take(Urgency::tidy), device_item(kMacvlan)) << "no router wants it";
  add_address();
  scheduler.enqueue_device(macvlan());
  EXPECT_EQ(scheduler.take(Urgency::release), device_item(kMacvlan)) << "and it answers";
  desired.set(kRouter, backup(5));
  desired.at(kRouter).outcome = {Outcome::State::in_place};
  scheduler.enqueue_device(macvlan());
  EXPECT_EQ(scheduler.take(Urgency::tidy), router_item(kRouter));
  EXPECT_FALSE(desired.at(kRouter).outcome.settled());
}

TEST_F(WorkSchedulerTest, OwnChangeThatIsReportedLeavesTheOutcome) {
  desired.set(kRouter, backup(5));
  desired.at(kRouter).outcome = {Outcome::State::in_place};
  Step step;
  step.add(kRouter, DesiredState::key_of(backup(5)), {SetLinkUp{kMacvlan}});
  steps.execute(std::move(step));
  scheduler.enqueue_device(macvlan());
  EXPECT_TRUE(scheduler.has(kAnyUrgency));
  EXPECT_TRUE(desired.at(kRouter).outcome.settled());
}

TEST_F(WorkSchedulerTest, ForeignMacvlanIsNoWork) {
  netlink::Link foreign = macvlan();
  foreign.group = 0;
  scheduler.enqueue_device(foreign);
  EXPECT_FALSE(scheduler.has(kAnyUrgency));
}

TEST_F(WorkSchedulerTest, RefusedIsRetriedAndBlockedWaitsForAChange) {
  desired.set(kRouter, backup(5));
  scheduler.defer(router_item(kRouter));
  EXPECT_TRUE(scheduler.has_blocked());
  scheduler.retry();
  EXPECT_FALSE(scheduler.has(kAnyUrgency));
  scheduler.enqueue_deferred();
  EXPECT_EQ(scheduler.take(kAnyUrgency), router_item(kRouter));
  EXPECT_FALSE(scheduler.has_blocked());

  refuse();
  EXPECT_TRUE(scheduler.has_refused());
  scheduler.retry();
  EXPECT_EQ(scheduler.take(kAnyUrgency), router_item(kRouter));
  EXPECT_EQ(desired.at(kRouter).outcome.state, Outcome::State::refused) << "until it is done";
}

TEST_F(WorkSchedulerTest, WhatIsRefusedAgainAfterARetryIsNotNew) {
  desired.set(kRouter, backup(5));
  refuse();
  EXPECT_TRUE(scheduler.take_newly_refused());
  scheduler.retry();
  refuse();
  EXPECT_FALSE(scheduler.take_newly_refused());
  scheduler.defer_refused(device_item(kMacvlan));
  EXPECT_TRUE(scheduler.take_newly_refused());
}

TEST_F(WorkSchedulerTest, RemoveForgetsWhatIsDeferredToo) {
  desired.set(kRouter, backup(5));
  scheduler.enqueue(kRouter);
  scheduler.defer(router_item(kRouter));
  scheduler.remove(router_item(kRouter));
  EXPECT_FALSE(scheduler.has(kAnyUrgency));
  EXPECT_FALSE(scheduler.is_deferred(router_item(kRouter)));
}

}  // namespace
}  // namespace tandem::vrrpd::io
