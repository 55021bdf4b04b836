// SPDX-License-Identifier: Apache-2.0
// Says what is to be compared with the kernel next: the work queue, with the urgency of each item, and what is deferred
// because the kernel has refused it or because something else has to go first. What is deferred comes back with a change
// of an interface, or with retry(). No clock.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "vrrpd/io/desired_state.h"
#include "vrrpd/io/kernel_state.h"
#include "vrrpd/io/steps_under_way.h"
#include "vrrpd/io/work_queue.h"

namespace tandem::vrrpd::io {

class WorkScheduler {
 public:
  struct Dependencies {
    const InterfaceTable& table;
    const KernelState& kernel_state;
    DesiredState& desired;
    const StepsUnderWay& steps;
  };
  explicit WorkScheduler(Dependencies dependencies) : dependencies_(dependencies) {}

  bool has(Urgency minimum) const { return queue_.has(minimum); }
  bool has_other_than(Urgency urgency) const { return queue_.has_other_than(urgency); }
  std::optional<WorkItem> take(Urgency minimum) { return queue_.take(minimum); }

  void add(WorkItem item, Urgency urgency) { queue_.add(item, urgency); }
  // A virtual router, with the urgency of what it wants.
  void enqueue(core::RouterId id);        // its outcome is pending from now on
  void enqueue_again(core::RouterId id);  // its outcome stays what it is until then
  void go_on_with(core::RouterId id);     // the same, and what is deferred stays so
  // A macvlan: the router that it belongs to, or the macvlan itself if it is in our hands.
  void enqueue_device(const netlink::Link& link);
  void enqueue_routers_on(const std::string& parent);
  // Everything that depends on an interface of that name: it came, went, or is another one now.
  void enqueue_parent(const std::string& name);
  void enqueue_deferred();
  // All routers, and all interfaces in our hands.
  void enqueue_everything();
  void remove(WorkItem item);
  void clear();

  // Does not come back by itself. The second: the kernel has refused it.
  void defer(const WorkItem& item) { deferred_.insert(item); }
  void defer_refused(const WorkItem& item);
  bool is_deferred(const WorkItem& item) const { return deferred_.contains(item); }
  bool has_refused() const;
  bool has_blocked() const;
  // Enqueues what was refused; the outcome of the routers stays what it is.
  void retry();
  // Whether something was refused since the last call that had not been refused before retry(): that need not be for
  // good.
  bool take_newly_refused() { return std::exchange(newly_refused_, false); }

 private:
  bool is_refused(const WorkItem& item) const;

  Dependencies dependencies_;
  WorkQueue queue_;
  std::set<WorkItem> deferred_;
  std::set<WorkItem> tried_again_;  // refused before the last retry()
  bool newly_refused_ = false;
};

}  // namespace tandem::vrrpd::io
