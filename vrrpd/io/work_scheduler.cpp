// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/work_scheduler.h"

#include <algorithm>
#include <iterator>

namespace tandem::vrrpd::io {

void WorkScheduler::enqueue(core::RouterId id) {
  dependencies_.desired.at(id).outcome = {};
  enqueue_again(id);
}

void WorkScheduler::enqueue_again(core::RouterId id) {
  deferred_.erase(router_item(id));
  go_on_with(id);
}

void WorkScheduler::go_on_with(core::RouterId id) {
  const DesiredDevice& desired = dependencies_.desired.at(id).desired;
  Urgency urgency = desired.claimed ? Urgency::claim : Urgency::build;
  if (!desired.claimed) {
    const Interface* const macvlan = dependencies_.desired.device(desired);
    urgency = macvlan != nullptr && !macvlan->addresses.empty() ? Urgency::release : Urgency::build;
  }
  queue_.add(router_item(id), urgency);
}

void WorkScheduler::enqueue_device(const netlink::Link& link) {
  const core::RouterId user = dependencies_.desired.user_of(link);
  if (user != kNoRouter && dependencies_.steps.is_executing(link.index)) {
    enqueue_again(user);  // likely it is our own change that is reported
  } else if (user != kNoRouter) {
    enqueue(user);
  } else if (dependencies_.kernel_state.holds(link)) {
    const Interface* const known = dependencies_.table.find(link.index);
    const bool live = known != nullptr && !known->addresses.empty();
    queue_.add(device_item(link.index), live ? Urgency::release : Urgency::tidy);
  }
}

void WorkScheduler::enqueue_routers_on(const std::string& parent) {
  for (const core::RouterId id : dependencies_.desired.routers_on(parent)) {
    enqueue(id);
  }
}

void WorkScheduler::enqueue_parent(const std::string& name) {
  enqueue_routers_on(name);
  const Interface* const parent = dependencies_.table.find(name);
  if (parent == nullptr) {
    return;
  }
  queue_.add(parent_item(parent->link.index), Urgency::tidy);
  for (const base::IfIndex index : dependencies_.table.macvlans_on(parent->link.index)) {
    enqueue_device(dependencies_.table.find(index)->link);
  }
}

void WorkScheduler::enqueue_deferred() {
  for (const WorkItem& item : std::exchange(deferred_, {})) {
    if (item.kind == WorkItem::Kind::router) {
      enqueue(core::RouterId{item.number});
    } else {
      queue_.add(item, Urgency::tidy);
    }
  }
}

void WorkScheduler::enqueue_everything() {
  for (const auto& [id, entry] : dependencies_.desired.all()) {
    enqueue(id);
  }
  for (const auto& [index, interface] : dependencies_.table.all()) {
    if (dependencies_.kernel_state.holds(interface.link)) {
      enqueue_device(interface.link);
    }
  }
  const KernelState& state = dependencies_.kernel_state;
  for (const std::set<base::IfIndex>* parents : {&state.guarded, &state.guarded_ipv6, &state.left_guarded}) {
    for (const base::IfIndex index : *parents) {
      queue_.add(parent_item(index), Urgency::tidy);
    }
  }
}

void WorkScheduler::remove(WorkItem item) {
  queue_.remove(item);
  deferred_.erase(item);
}

void WorkScheduler::clear() {
  queue_ = {};
  deferred_.clear();
}

void WorkScheduler::defer_refused(const WorkItem& item) {
  deferred_.insert(item);
  newly_refused_ = newly_refused_ || !tried_again_.contains(item);
}

bool WorkScheduler::is_refused(const WorkItem& item) const {
  return item.kind != WorkItem::Kind::router ||
         dependencies_.desired.at(core::RouterId{item.number}).outcome.state == Outcome::State::refused;
}

bool WorkScheduler::has_refused() const {
  return std::any_of(deferred_.begin(), deferred_.end(), [this](const WorkItem& item) { return is_refused(item); });
}

bool WorkScheduler::has_blocked() const {
  return std::any_of(deferred_.begin(), deferred_.end(), [this](const WorkItem& item) { return !is_refused(item); });
}

void WorkScheduler::retry() {
  std::set<WorkItem> refused;
  std::copy_if(deferred_.begin(), deferred_.end(), std::inserter(refused, refused.end()),
               [this](const WorkItem& item) { return is_refused(item); });
  for (const WorkItem& item : refused) {
    deferred_.erase(item);
    if (item.kind == WorkItem::Kind::router) {
      go_on_with(core::RouterId{item.number});
    } else {
      queue_.add(item, Urgency::tidy);
    }
  }
  tried_again_ = std::move(refused);
}

}  // namespace tandem::vrrpd::io
