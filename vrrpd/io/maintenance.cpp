// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/maintenance.h"

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

#include "vrrpd/io/limits.h"
#include "vrrpd/io/messages.h"

namespace tandem::vrrpd::io {

using Purpose = KernelWorker::Purpose;

Maintenance::Maintenance(Dependencies dependencies, Handlers handlers)
    : dependencies_(dependencies),
      handlers_(std::move(handlers)),
      renewals_(dependencies.loop, renewal_actions()),
      lowering_(
          dependencies.loop, [this] { return next_to_lower(); },
          [this](base::IfIndex index) { dependencies_.kernel.lower(index); }),
      background_("background", dependencies.loop),
      deletion_(dependencies.loop, background_,
                {.next = [this] { return groups_to_delete(); },
                 .on_done = [this](const base::Result<>& done) { on_deleted(done); }}),
      inspections_(
          dependencies.loop, background_, inspect_by_netlink(),
          [this] { return dependencies_.reconciler.order_inspection(); },
          [this](const InspectionReport& report) { handlers_.on_inspected(report); }) {}

Renewals::Actions Maintenance::renewal_actions() {
  return {.due = [this](unsigned part) { return dependencies_.reconciler.renewals(part); },
          .begin = [this](std::span<const AddAddress> due) { dependencies_.kernel.renew(due); },
          .is_busy =
              [this] {
                return dependencies_.kernel.under_way(Purpose::renew) > 0 || dependencies_.reconciler.is_waiting();
              },
          .insist =
              [this](unsigned part) {
                dependencies_.reconciler.renew(part);  // which tells what was refused, and tries again
                handlers_.on_work();
              },
          .on_third = [this] { dependencies_.rewriter.renew(); }};
}

void Maintenance::start() {
  running_ = true;
  inspections_.start();
  renewals_.start();
}

void Maintenance::stop() {
  running_ = false;
  inspections_.stop();
  renewals_.stop();
  lowering_.stop();
  deletion_.stop();
  background_.stop();
}

void Maintenance::consider() {
  renewals_.consider();
  lowering_.consider();
  // A step that took long may have put a macvlan there; nothing reports that of one that is down.
  if (!deletion_.is_waiting() && !deletion_.is_running()) {
    postpone_deletion();
  }
}

// At once if a router waits for it, maybe a Master without its macvlan.
void Maintenance::postpone_deletion() {
  if (dependencies_.reconciler.has_pending_deletions()) {
    deletion_.wait_for(dependencies_.reconciler.has_blocked() ? base::Duration{0} : base::Duration(kDeletionDelay));
  }
}

std::optional<LinkGroups> Maintenance::groups_to_delete() const {
  const bool needed = running_ && dependencies_.reconciler.has_pending_deletions();
  return needed ? std::optional(dependencies_.kernel_state.groups) : std::nullopt;
}

void Maintenance::on_deleted(const base::Result<>& done) {
  if (!done) {
    dependencies_.logger.write<kDeletionFailed>(done.error().message);
    handlers_.on_deletion_failed();
    return;
  }
  handlers_.on_work();  // more may wait for their deletion by now
}

// Not while anything else is to be done, which would wait for it.
std::optional<base::IfIndex> Maintenance::next_to_lower() {
  const KernelWorker& kernel = dependencies_.kernel;
  const bool idle = running_ && !deletion_.is_running() && kernel.under_way(Purpose::build) == 0 &&
                    kernel.under_way(Purpose::lower) == 0 && !dependencies_.reconciler.is_waiting() &&
                    !dependencies_.reconciler.has_work(kAnyUrgency);
  return idle ? dependencies_.reconciler.next_unused() : std::nullopt;
}

// That it is down is reported.
void Maintenance::on_lowered(const KernelWorker::Results& results) {
  const base::IfIndex index = lowering_.begun();
  dependencies_.reconciler.forget_unused(index);
  for (const base::Result<>& done : results) {
    if (!done && done.error().code != ENODEV) {
      const Interface* const macvlan = dependencies_.table.find(index);
      dependencies_.logger.write<kNotLowered>(macvlan == nullptr ? std::string() : macvlan->link.name,
                                              done.error().message);
      break;
    }
  }
  lowering_.on_done();
}

void Maintenance::on_renewed(const KernelWorker::Results& results) {
  renewals_.on_results(results, dependencies_.kernel.under_way(Purpose::renew));
}

}  // namespace tandem::vrrpd::io
