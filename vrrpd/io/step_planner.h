// SPDX-License-Identifier: Apache-2.0
// Turns items of the work queue into operations (reconcile.h): those for the step that is executed next, and those of a
// build step. A router for which nothing has to be done, or nothing can be done, is settled or deferred.
#pragma once

#include <vector>

#include "vrrpd/io/kernel_state.h"
#include "vrrpd/io/outcomes.h"
#include "vrrpd/io/steps_under_way.h"
#include "vrrpd/io/work_scheduler.h"

namespace tandem::vrrpd::io {

class StepPlanner {
 public:
  struct Dependencies {
    const InterfaceTable& table;
    const KernelState& kernel_state;
    DesiredState& desired;
    StepsUnderWay& steps;
    WorkScheduler& scheduler;
    Outcomes& outcomes;
  };
  struct Round {
    Step now;
    Step build;
  };
  explicit StepPlanner(Dependencies dependencies) : dependencies_(dependencies) {}

  // From the most urgent item down to `minimum`, as far as the steps may go (limits.h). `lease`: of the addresses.
  Round plan(Urgency minimum, Lease lease);

 private:
  void plan(WorkItem item, Lease lease, Round& round);
  void plan_router(core::RouterId id, Lease lease, Round& round);
  bool is_building(const DesiredDevice& desired, const std::vector<Operation>& operations) const;
  void plan_device(base::IfIndex index, Step& step) const;
  void plan_parent(base::IfIndex index, Step& step) const;

  Dependencies dependencies_;
};

}  // namespace tandem::vrrpd::io
