// SPDX-License-Identifier: Apache-2.0
// Keeps the kernel as the virtual routers want it: notes what is wanted and what the kernel reports, has a look at what
// may differ (work_queue.h), compares (reconcile.h) and has it done (kernel.h), a few operations a step. Macvlans that
// no router uses yet are built without waiting, some steps at a time. Uses no socket, clock or loop: devices.cpp does.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lib/log/log.h"
#include "vrrpd/io/desired.h"
#include "vrrpd/io/inspection.h"
#include "vrrpd/io/instances.h"
#include "vrrpd/io/kernel.h"
#include "vrrpd/io/reconcile.h"
#include "vrrpd/io/work_queue.h"

namespace tandem::vrrpd::io {

class Reconciler {
 public:
  // The table and the memory are kept up to date here, and read by the kernel.
  struct Dependencies {
    Kernel& kernel;
    InterfaceTable& table;
    KernelState& kernel_state;
    log::Logger& logger;
  };
  explicit Reconciler(Dependencies dependencies) : dependencies_(dependencies) {}

  void want(core::RouterId id, DesiredDevice desired);
  void forget(core::RouterId id);
  void forget_all();
  void set_lease(Lease lease);  // of what is claimed; without this call it stays for ever
  // A third of the lease has passed for one part of the virtual routers: what renews it, if another thread does that.
  std::vector<AddAddress> renewals(unsigned part) const;
  // The same as work for step().
  void renew(unsigned part);
  const Outcome& outcome(core::RouterId id) const { return entries_.at(id).outcome; }
  base::IfIndex device_of(core::RouterId id) const;

  void on_event(const netlink::Event& event);
  // What the kernel really has of what it does not report: order the inspection, and hand over what it has found.
  InspectionOrder order_inspection();
  void on_inspected(const InspectionReport& report);
  // At the start, and after the table was filled anew.
  void enqueue_everything();

  // Does some of the most urgent work. Always gets on, and ends: what cannot be done is not tried again before
  // something changes, or retry().
  void step(Urgency minimum);
  // The oldest of what Kernel::build() was given has been carried out, and what the kernel has reported until then was
  // heard.
  void on_built(const std::vector<base::Result<>>& results);
  // The same of what Kernel::execute() was given without having results at once.
  void on_executed(const std::vector<base::Result<>>& results);
  // Whether on_executed() is to come; until then there is nothing to do.
  bool is_waiting() const { return executing_.has_value(); }
  bool has_work(Urgency minimum) const { return !is_waiting() && queue_.has(limited(minimum)); }
  bool has_work_besides_renewals() const { return queue_.has_other_than(Urgency::renew); }
  // The kernel has refused something: to be tried again now and then. A router that waits for the end of a macvlan will
  // hear of it, and must not put it off by asking.
  bool has_refused() const;
  bool has_blocked() const;
  void retry();
  // Whether the kernel has refused what it had not refused before, since the last call: that need not be for good.
  bool take_newly_refused() { return std::exchange(newly_refused_, false); }
  // Macvlans wait for their deletion.
  bool has_pending_deletions() const { return !pending_deletion_.empty(); }

  // A macvlan that is up although its virtual router is no Master, and has let go of everything: to be set down when
  // there is time. Again until forget_unused().
  std::optional<base::IfIndex> next_unused();
  void forget_unused(base::IfIndex index) { unused_.erase(index); }

  const std::string& obstacle() const { return obstacle_; }

  const DeviceChanges& changes() const { return changes_; }
  DeviceChanges take_changes() { return std::exchange(changes_, {}); }

 private:
  using Key = std::pair<std::string, base::MacAddress>;  // parent's name and virtual MAC address
  struct Entry {
    DesiredDevice desired;
    Outcome outcome{};
    std::string logged{};      // the reason that was logged last
    bool serves_none = false;  // none of its addresses is possible
  };
  // Of what is looked at in one step.
  struct Step {
    std::chrono::microseconds cost() const;
    void add(core::RouterId id, Key key, std::vector<Operation> operations);

    std::vector<Task> tasks;
    std::map<core::RouterId, Key> routers;           // with tasks
    std::map<core::RouterId, std::string> failures;  // the first of each
    std::set<core::RouterId> unfinished;             // to be looked at again
    std::set<core::RouterId> advanced;               // something was done for them
  };

  struct Round {
    Step now;
    Step build;
  };

  Urgency limited(Urgency minimum) const;
  static Key key_of(const DesiredDevice& desired) {
    return {desired.interface, packet::virtual_mac(desired.vrid, desired.family)};
  }

  void on_link(const netlink::LinkChanged& event);
  void tell_ports_of(base::IfIndex vrf);
  void on_link_removed(base::IfIndex index);
  void on_address(base::IfIndex interface, const netlink::Event& event);
  void follow(const netlink::Link& link, const netlink::Event& event);
  void note_group(const netlink::Link& link);
  void note_deviating(const InspectionReport& report);
  void note_obstacle(const std::string& obstacle);
  void note_instances(const InspectionReport& report);
  void guard_again(base::IfIndex parent);
  core::RouterId owner_of(base::IfIndex macvlan) const;  // kNoRouter if there is none
  bool is_ours(const netlink::Link& link) const;
  const Interface* device(const DesiredDevice& desired) const;
  core::RouterId user_of(const netlink::Link& link) const;  // kNoRouter: it belongs to no virtual router
  bool has_router(const std::string& parent) const;
  static bool has_lease_in(unsigned part, core::RouterId id, const Entry& entry);

  void enqueue(core::RouterId id);
  void enqueue_again(core::RouterId id);           // its outcome is what it was until then
  void enter(core::RouterId id);                   // on the queue
  void enqueue_device(const netlink::Link& link);  // or at the router that it belongs to
  void enqueue_routers_on(const std::string& parent);
  void enqueue_parent(const std::string& name);
  void enqueue_deferred();
  bool is_refused(const WorkItem& item) const;

  void plan(WorkItem item, Round& round);
  void plan_router(core::RouterId id, Round& round);
  bool is_building(const DesiredDevice& desired, const std::vector<Operation>& operations) const;
  void plan_device(base::IfIndex index, Step& step);
  void plan_parent(base::IfIndex index, Step& step);
  static void sort(Step& step);
  void shorten(Step& step);
  void carry_out(Step step);
  void note_adopted(const Step& step);
  void note_carried_out(Step& step, const std::vector<base::Result<>>& results);
  void build(Step step);
  void finish(Step step, const std::vector<base::Result<>>& results);
  bool is_executing(base::IfIndex device) const;
  bool is_executing(base::IfIndex device, const netlink::Event& event) const;  // what may lead to that
  void note_done(const Task& task);
  void note_unreported(const Operation& done);
  void note_failure(const Task& task, const base::Error& error, Step& step);
  void settle(core::RouterId id, Outcome outcome);
  void settle_step(const Step& step);
  static void complete(Outcome& outcome, const Entry& entry, const Interface* macvlan);
  void note_refused(const WorkItem& item);
  void note_unused(const DesiredDevice& desired);
  bool is_unused(base::IfIndex index) const;

  Dependencies dependencies_;
  Lease lease_{0};
  std::map<core::RouterId, Entry> entries_;
  std::map<Key, core::RouterId> owners_;
  WorkQueue queue_;
  std::set<WorkItem> deferred_;     // refused or in the way of each other
  std::set<WorkItem> tried_again_;  // refused before the last retry()
  bool newly_refused_ = false;
  std::set<base::IfIndex> pending_deletion_;
  std::set<base::IfIndex> unused_;    // and up, when they were looked at
  std::set<std::string> logged_;      // failures of what belongs to no router
  std::optional<Step> executing_;     // takes long
  std::deque<Step> under_way_;        // build steps
  std::set<Key> in_use_;              // by those
  std::set<core::RouterId> waiting_;  // to be looked at when that is over
  std::set<base::IfIndex> touched_;   // since the inspection was ordered: what it says of them may be outdated
  Absences absences_;
  std::string obstacle_;  // to IPv4, in the settings of all interfaces
  DeviceChanges changes_;
};

}  // namespace tandem::vrrpd::io
