// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/reconciler.h"

namespace tandem::vrrpd::io {
namespace {

// What a macvlan was like is known from now on: its addresses may be heard to go before there are results, and the
// router that wanted it may want it no longer by then.
void note_adopted(const Step& step, KernelState& kernel_state) {
  for (const Task& task : step.tasks) {
    if (std::holds_alternative<AdoptDevice>(task.operation)) {
      kernel_state.note(task.operation);
    }
  }
}

}  // namespace

Reconciler::Reconciler(Dependencies dependencies)
    : dependencies_(dependencies),
      desired_(dependencies.table),
      scheduler_({dependencies.table, dependencies.kernel_state, desired_, steps_}),
      pending_deletions_(dependencies.kernel_state),
      unused_(dependencies.table, desired_),
      leases_(dependencies.table, desired_, scheduler_),
      notifications_({dependencies.kernel, dependencies.table, dependencies.kernel_state, desired_, steps_, scheduler_,
                      pending_deletions_, changes_}),
      inspections_({dependencies.logger, dependencies.table, dependencies.kernel_state, desired_, steps_, scheduler_}),
      outcomes_({dependencies.logger, desired_, scheduler_, unused_, changes_}),
      planner_({dependencies.table, dependencies.kernel_state, desired_, steps_, scheduler_, outcomes_}),
      results_({dependencies.logger, dependencies.table, dependencies.kernel_state, desired_, scheduler_,
                pending_deletions_, inspections_, outcomes_}) {}

void Reconciler::want(core::RouterId id, DesiredDevice desired) {
  const DesiredState::Entry* const known = desired_.find(id);
  if (known != nullptr && known->desired == desired) {
    return;
  }
  if (known != nullptr && DesiredState::key_of(known->desired) != DesiredState::key_of(desired)) {
    forget(id);
  }
  desired_.set(id, std::move(desired));
  scheduler_.enqueue(id);
}

void Reconciler::forget(core::RouterId id) {
  const std::optional<DesiredDevice> desired = desired_.erase(id);
  if (!desired) {
    return;
  }
  scheduler_.remove(router_item(id));
  changes_.routers.erase(id);
  if (const Interface* const macvlan = desired_.device(*desired)) {
    scheduler_.enqueue_device(macvlan->link);
  }
  if (const Interface* const parent = dependencies_.table.find(desired->interface)) {
    scheduler_.add(parent_item(parent->link.index), Urgency::tidy);
  }
}

void Reconciler::forget_all() {
  desired_.clear();
  scheduler_.clear();
  steps_.clear();
  changes_ = {};
  enqueue_everything();
}

void Reconciler::enqueue_everything() {
  pending_deletions_.read(dependencies_.table);
  scheduler_.enqueue_everything();
  changes_.all_interfaces = true;
  changes_.foreign_macvlans = true;
}

void Reconciler::step(Urgency minimum) {
  StepPlanner::Round round = planner_.plan(steps_.limited(minimum), leases_.lease());
  execute(std::move(round.now));
  build(std::move(round.build));
}

void Reconciler::execute(Step step) {
  if (step.tasks.empty()) {
    return;
  }
  for (const base::IfIndex device : step.shorten()) {
    scheduler_.add(device_item(device), Urgency::release);
  }
  note_adopted(step, dependencies_.kernel_state);
  if (const auto results = dependencies_.kernel.execute(step.tasks)) {
    results_.take_at_once(std::move(step), *results);
  } else {
    steps_.execute(std::move(step));
  }
}

void Reconciler::build(Step step) {
  if (step.tasks.empty()) {
    return;
  }
  step.sort();
  dependencies_.kernel.build(step.tasks);
  steps_.build(std::move(step));
}

void Reconciler::on_built(const std::vector<base::Result<>>& results) {
  results_.take_late(steps_.take_built(), results);
  for (const core::RouterId id : steps_.take_waiting()) {
    if (desired_.find(id) != nullptr) {
      scheduler_.enqueue_again(id);
    }
  }
}

void Reconciler::on_executed(const std::vector<base::Result<>>& results) {
  results_.take_late(steps_.take_executed(), results);
}

}  // namespace tandem::vrrpd::io
