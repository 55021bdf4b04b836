// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/inspection_handler.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "vrrpd/io/messages.h"

namespace tandem::vrrpd::io {

InspectionOrder InspectionHandler::order() {
  changed_.clear();
  const KernelState& state = dependencies_.kernel_state;
  InspectionOrder order{.groups = state.groups,
                        .adopted = {},
                        .parents = state.guarded,
                        .parents_ipv6 = state.guarded_ipv6,
                        .on_macvlans = dependencies_.table.on_macvlans(),
                        .routers = !dependencies_.desired.all().empty()};
  for (const auto& [index, original] : state.adopted) {
    order.adopted.insert(index);
  }
  return order;
}

void InspectionHandler::handle(const InspectionReport& report) {
  note_obstacle(report.obstacle);
  note_instances(report);
  note_deviating(report);
  for (const auto& [index, deviations] : dependencies_.kernel_state.deviating) {
    const Interface* const macvlan = dependencies_.table.find(index);
    const core::RouterId user = macvlan == nullptr ? kNoRouter : dependencies_.desired.user_of(macvlan->link);
    if (user != kNoRouter) {
      dependencies_.scheduler.enqueue_again(user);
    }
  }
  for (const InspectionReport::Found& found : report.parents) {
    if (is_current(found.index)) {
      guard_again(found.index);
    }
  }
}

bool InspectionHandler::is_current(base::IfIndex index) const {
  return !changed_.contains(index) && !dependencies_.steps.is_executing(index);
}

void InspectionHandler::note_deviating(const InspectionReport& report) {
  KernelState& state = dependencies_.kernel_state;
  const auto counts = [&](base::IfIndex index) { return state.prepared.contains(index) && is_current(index); };
  std::map<base::IfIndex, std::vector<Deviation>> deviating;
  for (const InspectionReport::Found& found : report.macvlans) {
    if (counts(found.index)) {
      deviating.emplace(found.index, found.deviations);
    }
  }
  for (const base::IfIndex index : report.ipv6_on) {
    if (counts(index) && state.prepared.at(index) == KernelState::Ipv6::off) {
      deviating[index].push_back({"ipv6/disable_ipv6", 0, 1});
    }
  }
  state.deviating = std::move(deviating);
}

void InspectionHandler::note_obstacle(const std::string& obstacle) {
  const auto& routers = dependencies_.desired.all();
  const bool ipv4 = std::any_of(routers.begin(), routers.end(),
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
void InspectionHandler::note_instances(const InspectionReport& report) {
  KernelState& state = dependencies_.kernel_state;
  std::set<std::uint32_t> abandoned = absences_.note(report.absent, report.when);
  if (state.instances != report.instances || state.abandoned != abandoned) {
    state.instances = report.instances;
    state.abandoned = std::move(abandoned);
    dependencies_.scheduler.enqueue_deferred();
  }
}

// By the first virtual router of each family on it that has its macvlan: others may be refused before they come to
// that.
void InspectionHandler::guard_again(base::IfIndex parent) {
  KernelState& state = dependencies_.kernel_state;
  if (state.guarded.erase(parent) + state.guarded_ipv6.erase(parent) > 0) {
    state.left_guarded.insert(parent);  // until it is guarded again: it has to be restored in any case
  }
  const Interface* const interface = dependencies_.table.find(parent);
  if (interface == nullptr) {
    return;
  }
  const DesiredState& desired = dependencies_.desired;
  std::set<core::Family> seen;
  for (const core::RouterId id : desired.routers_on(interface->link.name)) {
    if (state.prepared.contains(desired.device_of(id)) && seen.insert(desired.at(id).desired.family).second) {
      dependencies_.scheduler.enqueue_again(id);
    }
  }
}

}  // namespace tandem::vrrpd::io
