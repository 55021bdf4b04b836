// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/step_planner.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "vrrpd/io/limits.h"
#include "vrrpd/io/reconcile.h"

namespace tandem::vrrpd::io {

StepPlanner::Round StepPlanner::plan(Urgency minimum, Lease lease) {
  Round round;
  for (std::size_t items = 0; items < kItemsPerStep && round.now.cost() < kStep && round.build.cost() < kBuildStep;
       ++items) {
    const std::optional<WorkItem> item = dependencies_.scheduler.take(minimum);
    if (!item) {
      break;
    }
    plan(*item, lease, round);
  }
  return round;
}

void StepPlanner::plan(WorkItem item, Lease lease, Round& round) {
  switch (item.kind) {
    case WorkItem::Kind::router:
      return plan_router(core::RouterId{item.number}, lease, round);
    case WorkItem::Kind::device:
      return plan_device(base::IfIndex{item.number}, round.now);
    case WorkItem::Kind::parent:
      return plan_parent(base::IfIndex{item.number}, round.now);
  }
}

void StepPlanner::plan_router(core::RouterId id, Lease lease, Round& round) {
  DesiredState::Entry& entry = dependencies_.desired.at(id);
  DesiredState::Key key = DesiredState::key_of(entry.desired);
  if (dependencies_.steps.is_being_built(key)) {
    dependencies_.steps.wait_for_build(id);
    return;
  }
  RouterPlan plan = io::plan_router(entry.desired, dependencies_.table, dependencies_.kernel_state, lease);
  entry.serves_none = plan.serves_none;
  switch (plan.verdict) {
    case RouterPlan::Verdict::no_parent:
    case RouterPlan::Verdict::no_macvlan:
      return dependencies_.outcomes.settle(id, {Outcome::State::no_parent});
    case RouterPlan::Verdict::refused:
      return dependencies_.outcomes.settle(id, {Outcome::State::refused, std::move(plan.reason), plan.lasting});
    case RouterPlan::Verdict::blocked:
      dependencies_.scheduler.defer(router_item(id));
      entry.outcome.reason = std::move(plan.reason);
      return;
    case RouterPlan::Verdict::possible:
      break;
  }
  if (plan.operations.empty()) {
    const auto state = plan.reason.empty() ? Outcome::State::in_place : Outcome::State::refused;
    return dependencies_.outcomes.settle(id, {state, std::move(plan.reason)});
  }
  Step& step = is_building(entry.desired, plan.operations) ? round.build : round.now;
  if (!plan.reason.empty()) {
    step.failures.emplace(id, std::move(plan.reason));
  }
  step.add(id, std::move(key), std::move(plan.operations));
}

bool StepPlanner::is_building(const DesiredDevice& desired, const std::vector<Operation>& operations) const {
  return !desired.claimed && std::all_of(operations.begin(), operations.end(), [this](const Operation& operation) {
    return io::is_building(operation, dependencies_.kernel_state);
  });
}

void StepPlanner::plan_device(base::IfIndex index, Step& step) const {
  const Interface* const macvlan = dependencies_.table.find(index);
  if (macvlan == nullptr) {
    return;
  }
  const core::RouterId user = dependencies_.desired.user_of(macvlan->link);
  if (user != kNoRouter && dependencies_.desired.device_of(user) == index) {
    return;  // wanted after all, and on the queue as such
  }
  for (Operation& operation : plan_giving_up(*macvlan, dependencies_.kernel_state)) {
    step.tasks.push_back({kNoRouter, std::move(operation)});
  }
}

void StepPlanner::plan_parent(base::IfIndex index, Step& step) const {
  const Interface* const parent = dependencies_.table.find(index);
  const bool wanted = parent != nullptr && dependencies_.desired.has_routers_on(parent->link.name);
  if (dependencies_.kernel_state.is_guarded(index) && !wanted) {
    step.tasks.push_back({kNoRouter, ReleaseParent{index}});
  }
}

}  // namespace tandem::vrrpd::io
