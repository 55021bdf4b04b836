// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/step.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vrrpd/io/limits.h"
#include "vrrpd/io/reconciler_testing.h"
#include "vrrpd/io/steps_under_way.h"

namespace tandem::vrrpd::io {
namespace {

using core::RouterId;
using testing::backup;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr base::IfIndex kFirst{7};
constexpr base::IfIndex kSecond{8};

AddAddress add(base::IfIndex index) { return {index, testing::prefix("10.0.0.5", 32), Lease(0)}; }
RemoveAddress remove(base::IfIndex index) { return {index, testing::prefix("10.0.0.5", 32)}; }
DesiredState::Key key(unsigned vrid) { return DesiredState::key_of(backup(vrid)); }

std::vector<base::IfIndex> devices(const Step& step) {
  std::vector<base::IfIndex> found;
  for (const Task& task : step.tasks) {
    found.push_back(device_of(task.operation));
  }
  return found;
}

TEST(Step, ReleasesComeBeforeClaimsAndRoutersKeepTheirOrder) {
  Step step;
  step.add(RouterId{1}, key(5), {SetLinkUp{kSecond}, add(kSecond)});
  step.add(RouterId{2}, key(6), {remove(kFirst), add(kFirst)});
  step.sort();
  EXPECT_THAT(devices(step), ElementsAre(kFirst, kSecond, kSecond, kFirst));
  EXPECT_EQ(step.cost(), 4 * cost_of(add(kFirst)));
}

TEST(Step, WhatExceedsTheLimitIsLeftToTheNextStep) {
  Step step;
  step.add(RouterId{1}, key(5), {kMaxOperationsPerStep, remove(kFirst)});
  EXPECT_THAT(step.shorten(), IsEmpty());
  EXPECT_THAT(step.unfinished, IsEmpty());
  step.add(RouterId{2}, key(6), {add(kSecond)});
  step.tasks.push_back({kNoRouter, SetLinkDown{base::IfIndex{9}}});
  EXPECT_THAT(step.shorten(), ElementsAre(base::IfIndex{9})) << "a macvlan that no router wants";
  EXPECT_THAT(step.unfinished, ElementsAre(RouterId{2}));
  EXPECT_THAT(devices(step), ::testing::AllOf(SizeIs(kMaxOperationsPerStep), ::testing::Each(kFirst)));
}

TEST(StepsUnderWay, TellWhatIsBeingExecuted) {
  StepsUnderWay steps;
  EXPECT_FALSE(steps.is_executing());
  Step step;
  step.add(RouterId{1}, key(5), {add(kFirst)});
  steps.execute(std::move(step));
  EXPECT_TRUE(steps.is_executing());
  EXPECT_TRUE(steps.is_executing(kFirst));
  EXPECT_FALSE(steps.is_executing(kSecond));
  const netlink::Address address{.interface = kFirst, .prefix = testing::prefix("10.0.0.5", 32)};
  EXPECT_TRUE(steps.is_executing(kFirst, netlink::AddressAdded{address}));
  EXPECT_FALSE(steps.is_executing(kFirst, netlink::AddressRemoved{address})) << "another program's doing";
  EXPECT_THAT(steps.take_executed().tasks, SizeIs(1));
  EXPECT_FALSE(steps.is_executing(kFirst));
}

TEST(StepsUnderWay, ReturnBuildStepsInTheirOrder) {
  StepsUnderWay steps;
  for (const unsigned vrid : {5U, 6U}) {
    Step step;
    step.add(RouterId{vrid}, key(vrid), {SetProtodown{kFirst, netlink::Protodown::on}});
    steps.build(std::move(step));
  }
  EXPECT_TRUE(steps.is_being_built(key(6)));
  EXPECT_TRUE(steps.take_built().routers.contains(RouterId{5}));
  EXPECT_FALSE(steps.is_being_built(key(5)));
  EXPECT_TRUE(steps.is_being_built(key(6)));
  steps.wait_for_build(RouterId{6});
  EXPECT_THAT(steps.take_waiting(), ElementsAre(RouterId{6}));
  EXPECT_THAT(steps.take_waiting(), IsEmpty());
}

TEST(StepsUnderWay, LimitWhatIsBuiltAtTheSameTime) {
  StepsUnderWay steps;
  for (std::size_t i = 0; i < kBuildSteps; ++i) {
    EXPECT_EQ(steps.limited(kAnyUrgency), kAnyUrgency);
    steps.build({});
  }
  EXPECT_EQ(steps.limited(kAnyUrgency), Urgency::renew);
  EXPECT_EQ(steps.limited(kUrgent), kUrgent);
  steps.take_built();
  EXPECT_EQ(steps.limited(kAnyUrgency), kAnyUrgency);
}

}  // namespace
}  // namespace tandem::vrrpd::io
