// SPDX-License-Identifier: Apache-2.0
// What follows from an inspection: what differs is set again, as work like any other.
#include <algorithm>
#include <utility>

#include "vrrpd/io/messages.h"
#include "vrrpd/io/reconciler.h"

namespace tandem::vrrpd::io {

core::RouterId Reconciler::owner_of(base::IfIndex macvlan) const {
  const Interface* const device = dependencies_.table.find(macvlan);
  const Interface* const parent =
      device == nullptr ? nullptr : dependencies_.table.find(dependencies_.table.parent_of(device->link));
  const auto owner = parent == nullptr ? owners_.end() : owners_.find({parent->link.name, device->link.mac});
  return owner == owners_.end() ? kNoRouter : owner->second;
}

InspectionOrder Reconciler::order_inspection() {
  touched_.clear();
  InspectionOrder order{.groups = dependencies_.kernel_state.groups,
                        .adopted = {},
                        .parents = dependencies_.kernel_state.guarded,
                        .parents_ipv6 = dependencies_.kernel_state.guarded_ipv6,
                        .on_macvlans = dependencies_.table.on_macvlans(),
                        .routers = !owners_.empty()};
  for (const auto& [index, original] : dependencies_.kernel_state.adopted) {
    order.adopted.insert(index);
  }
  return order;
}

void Reconciler::note_deviating(const InspectionReport& report) {
  const KernelState& kernel_state = dependencies_.kernel_state;
  const auto counts = [&](base::IfIndex index) {
    return kernel_state.prepared.contains(index) && !touched_.contains(index) && !is_executing(index);
  };
  std::map<base::IfIndex, std::vector<Deviation>> deviating;
  for (const InspectionReport::Found& found : report.macvlans) {
    if (counts(found.index)) {
      deviating.emplace(found.index, found.deviations);
    }
  }
  for (const base::IfIndex index : report.ipv6_on) {
    if (counts(index) && kernel_state.prepared.at(index) == KernelState::Ipv6::off) {
      deviating[index].push_back({"ipv6/disable_ipv6", 0, 1});
    }
  }
  dependencies_.kernel_state.deviating = std::move(deviating);
}

void Reconciler::note_obstacle(const std::string& obstacle) {
  const bool ipv4 = std::any_of(entries_.begin(), entries_.end(),
                                [](const auto& entry) { return entry.second.desired.family == core::Family::ipv4; });
  if (!ipv4 || obstacle == obstacle_) {
    return;
  }
  obstacle_ = obstacle;
  if (obstacle.empty()) {
    dependencies_.logger.write<kObstacleGone>();
  } else {
    dependencies_.logger.write<kObstacle>(obstacle);
  }
}

// What another instance served is free when it has ended.
void Reconciler::note_instances(const InspectionReport& report) {
  KernelState& kernel_state = dependencies_.kernel_state;
  std::set<std::uint32_t> abandoned = absences_.note(report.absent, report.when);
  if (kernel_state.instances != report.instances || kernel_state.abandoned != abandoned) {
    kernel_state.instances = report.instances;
    kernel_state.abandoned = std::move(abandoned);
    enqueue_deferred();
  }
}

void Reconciler::on_inspected(const InspectionReport& report) {
  note_obstacle(report.obstacle);
  note_instances(report);
  note_deviating(report);
  for (const auto& [index, deviations] : dependencies_.kernel_state.deviating) {
    if (const core::RouterId owner = owner_of(index); owner != kNoRouter) {
      enqueue_again(owner);
    }
  }
  for (const InspectionReport::Found& found : report.parents) {
    if (!touched_.contains(found.index) && !is_executing(found.index)) {
      guard_again(found.index);
    }
  }
}

// By the first virtual router of each family on it that has its macvlan: others may be refused before they come to
// that.
void Reconciler::guard_again(base::IfIndex parent) {
  const std::size_t guarded =
      dependencies_.kernel_state.guarded.erase(parent) + dependencies_.kernel_state.guarded_ipv6.erase(parent);
  if (guarded > 0) {
    dependencies_.kernel_state.left_guarded.insert(
        parent);  // until it is guarded again: it has to be restored in any case
  }
  const Interface* const interface = dependencies_.table.find(parent);
  if (interface == nullptr) {
    return;
  }
  std::set<core::Family> seen;
  for (auto at = owners_.lower_bound({interface->link.name, base::MacAddress{}});
       at != owners_.end() && at->first.first == interface->link.name; ++at) {
    const bool prepared = dependencies_.kernel_state.prepared.contains(device_of(at->second));
    if (prepared && seen.insert(entries_.at(at->second).desired.family).second) {
      enqueue_again(at->second);
    }
  }
}

}  // namespace tandem::vrrpd::io
