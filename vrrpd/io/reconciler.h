// SPDX-License-Identifier: Apache-2.0
// Keeps the kernel as the virtual routers want it, a few operations a step. Uses no socket, clock or loop: devices.cpp
// does. Its parts, in the order of the work:
//
//   desired_state.h         what the virtual routers want, and what has become of it
//   notification_handler.h  what the kernel reports      leases.h              leases that have to be renewed
//   inspection_handler.h    what it does not report      unused_macvlans.h, pending_deletions.h   macvlans to clear away
//   work_scheduler.h        what is to be compared with the kernel, the most urgent first
//   step_planner.h          compares (reconcile.h): a step that is executed now, and a build step for macvlans that no
//                           router uses yet
//   steps_under_way.h       steps that the kernel (kernel.h) has not answered yet
//   step_results.h, outcomes.h   what has become of a step, and of the routers
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/log/log.h"
#include "vrrpd/io/inspection_handler.h"
#include "vrrpd/io/kernel.h"
#include "vrrpd/io/leases.h"
#include "vrrpd/io/notification_handler.h"
#include "vrrpd/io/outcomes.h"
#include "vrrpd/io/pending_deletions.h"
#include "vrrpd/io/step_planner.h"
#include "vrrpd/io/step_results.h"
#include "vrrpd/io/steps_under_way.h"
#include "vrrpd/io/unused_macvlans.h"
#include "vrrpd/io/work_scheduler.h"

namespace tandem::vrrpd::io {

class Reconciler {
 public:
  // The table and the kernel_state are kept up to date here, and read by the kernel.
  struct Dependencies {
    Kernel& kernel;
    InterfaceTable& table;
    KernelState& kernel_state;
    log::Logger& logger;
  };
  explicit Reconciler(Dependencies dependencies);
  Reconciler(const Reconciler&) = delete;  // its parts refer to each other
  Reconciler& operator=(const Reconciler&) = delete;

  void want(core::RouterId id, DesiredDevice desired);
  void forget(core::RouterId id);
  void forget_all();
  // Precondition of both: the router wants something.
  const Outcome& outcome(core::RouterId id) const { return desired_.at(id).outcome; }
  base::IfIndex device_of(core::RouterId id) const { return desired_.device_of(id); }

  // leases.h
  void set_lease(Lease lease) { leases_.set(lease); }
  std::vector<AddAddress> renewals(unsigned part) const { return leases_.renewals(part); }
  void renew(unsigned part) { leases_.renew(part); }

  void on_event(const netlink::Event& event) { notifications_.handle(event); }
  // What the kernel really has of what it does not report: order the inspection, and hand over what it has found.
  InspectionOrder order_inspection() { return inspections_.order(); }
  void on_inspected(const InspectionReport& report) { inspections_.handle(report); }
  const std::string& obstacle() const { return inspections_.obstacle(); }
  // At the start, and after the table was filled anew.
  void enqueue_everything();

  // Does some of the most urgent work. Always gets on, and ends: what cannot be done is not tried again before
  // something changes, or retry().
  void step(Urgency minimum);
  // The oldest step that Kernel::build() was given has been carried out, and what the kernel has reported until then was
  // heard.
  void on_built(const std::vector<base::Result<>>& results);
  // The same of what Kernel::execute() was given without having results at once.
  void on_executed(const std::vector<base::Result<>>& results);
  // Whether on_executed() is to come; until then there is nothing to do.
  bool is_waiting() const { return steps_.is_executing(); }
  bool has_work(Urgency minimum) const { return !is_waiting() && scheduler_.has(steps_.limited(minimum)); }
  bool has_work_besides_renewals() const { return scheduler_.has_other_than(Urgency::renew); }

  // The kernel has refused something: to be tried again now and then. A router that waits for the end of a macvlan will
  // hear of it, and must not put it off by asking.
  bool has_refused() const { return scheduler_.has_refused(); }
  bool has_blocked() const { return scheduler_.has_blocked(); }
  void retry() { scheduler_.retry(); }
  bool take_newly_refused() { return scheduler_.take_newly_refused(); }

  bool has_pending_deletions() const { return !pending_deletions_.empty(); }
  std::optional<base::IfIndex> next_unused() { return unused_.next(); }
  void forget_unused(base::IfIndex index) { unused_.forget(index); }

  const DeviceChanges& changes() const { return changes_; }
  DeviceChanges take_changes() { return std::exchange(changes_, {}); }

 private:
  void execute(Step step);
  void build(Step step);

  Dependencies dependencies_;
  DeviceChanges changes_;
  DesiredState desired_;
  StepsUnderWay steps_;
  WorkScheduler scheduler_;
  PendingDeletions pending_deletions_;
  UnusedMacvlans unused_;
  Leases leases_;
  NotificationHandler notifications_;
  InspectionHandler inspections_;
  Outcomes outcomes_;
  StepPlanner planner_;
  StepResults results_;
};

}  // namespace tandem::vrrpd::io
