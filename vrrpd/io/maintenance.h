// SPDX-License-Identifier: Apache-2.0
// The periodic work on the kernel's interfaces: leases are renewed (renewals.h), macvlans that no Master uses are set
// down (lowering.h), macvlans that no router wants are deleted (deletion.h), and what the kernel does not report is
// inspected (inspection.h). Releases and claims come first: renewals and lowering begin only when the Reconciler has
// nothing to do. For the loop's thread.
#pragma once

#include <functional>
#include <optional>

#include "lib/event/loop.h"
#include "lib/event/worker.h"
#include "lib/log/log.h"
#include "vrrpd/io/deletion.h"
#include "vrrpd/io/inspection.h"
#include "vrrpd/io/kernel_worker.h"
#include "vrrpd/io/lowering.h"
#include "vrrpd/io/reconciler.h"
#include "vrrpd/io/renewals.h"
#include "vrrpd/io/rewriter.h"

namespace tandem::vrrpd::io {

class Maintenance {
 public:
  struct Dependencies {
    event::Loop& loop;
    log::Logger& logger;
    const InterfaceTable& table;
    const KernelState& kernel_state;
    Reconciler& reconciler;
    KernelWorker& kernel;
    Rewriter& rewriter;
  };
  struct Handlers {
    std::function<void()> on_work;             // the Reconciler has to get a turn
    std::function<void()> on_deletion_failed;  // work that is not urgent has waited for its end
    std::function<void(const InspectionReport&)> on_inspected;
  };
  Maintenance(Dependencies dependencies, Handlers handlers);
  ~Maintenance() { background_.stop(); }
  Maintenance(const Maintenance&) = delete;
  Maintenance& operator=(const Maintenance&) = delete;

  void start();
  void stop();  // waits for what the background worker is executing
  void set_lease(Lease lease) { renewals_.set_lease(lease); }
  void inspect_soon() { inspections_.soon(); }

  // The Reconciler has nothing to do: begins with what is due.
  void consider();
  // If macvlans wait for their deletion: begins the pause before it anew. A router that waits for it ends the pause.
  void postpone_deletion();
  bool is_deletion_set() const { return deletion_.is_waiting(); }
  bool is_deleting() const { return deletion_.is_running(); }

  // Results of the kernel worker, after the notifications of what was done.
  void on_renewed(const KernelWorker::Results& results);
  void on_lowered(const KernelWorker::Results& results);

  event::Worker& background() { return background_; }

 private:
  Renewals::Actions renewal_actions();
  std::optional<base::IfIndex> next_to_lower();
  std::optional<LinkGroups> groups_to_delete() const;
  void on_deleted(const base::Result<>& done);

  Dependencies dependencies_;
  Handlers handlers_;
  bool running_ = false;
  Renewals renewals_;
  Lowering lowering_;
  event::Worker background_;  // for what takes long: inspections, self-tests, deletions
  Deletion deletion_;
  Inspections inspections_;
};

}  // namespace tandem::vrrpd::io
