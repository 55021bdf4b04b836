// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/inspection.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "lib/netlink/socket.h"
#include "lib/os/sysctl_tree.h"
#include "vrrpd/io/instances.h"
#include "vrrpd/io/limits.h"

namespace tandem::vrrpd::io {
namespace {

struct Macvlan {
  base::IfIndex index;
  base::IfIndex parent;
  core::Family family;
  netlink::LinkSettings settings;
};

class Inspection {
 public:
  InspectionReport carry_out(const InspectionOrder& order);

 private:
  bool read(const InspectionOrder& order);
  void take(const netlink::Link& link, const netlink::LinkSettings& settings, const InspectionOrder& order);

  std::optional<netlink::RequestSocket> socket_;
  std::unique_ptr<os::SysctlTree> sysctls_ = os::proc_sysctl_tree();
  std::vector<Macvlan> macvlans_;
  std::map<base::IfIndex, netlink::LinkSettings> others_;
  std::set<std::uint32_t> theirs_;  // live groups of other instances
};

bool Inspection::read(const InspectionOrder& order) {
  macvlans_.clear();
  others_.clear();
  theirs_.clear();
  if (!socket_) {
    auto opened = netlink::RequestSocket::open();
    if (!opened) {
      return false;
    }
    socket_.emplace(std::move(*opened));
  }
  return socket_
      ->dump_settings(
          [&](const netlink::Link& link, const netlink::LinkSettings& settings) { take(link, settings, order); })
      .has_value();
}

void Inspection::take(const netlink::Link& link, const netlink::LinkSettings& settings, const InspectionOrder& order) {
  const auto owner = packet::parse_virtual_mac(link.mac);
  if (is_of_another_instance(link.group, order.groups)) {
    theirs_.insert(live_group_of(link.group));
  }
  if (link.macvlan && owner && (link.group == order.groups.live || order.adopted.contains(link.index))) {
    const auto on_macvlan = order.on_macvlans.find(link.index);
    const base::IfIndex parent = on_macvlan == order.on_macvlans.end() ? link.parent : on_macvlan->second;
    macvlans_.push_back({link.index, parent, owner->family, settings});
  } else if (order.parents.contains(link.index) || order.parents_ipv6.contains(link.index)) {
    others_.emplace(link.index, settings);
  }
}

InspectionReport Inspection::carry_out(const InspectionOrder& order) {
  InspectionReport report;
  const base::TimePoint start = event::monotonic_now();
  if (!read(order)) {
    return report;
  }
  ValuesOfAll all;
  for (const std::string_view key : keys_of_all()) {
    all[key] = sysctls_->read("all", key).value_or(0);
  }
  report.obstacle = obstacle_of_all(all);
  if (!tell_apart(theirs_, report.instances, report.absent)) {
    return report;
  }
  report.when = start;
  const auto enter = [](auto& found, base::IfIndex index, std::vector<Deviation> deviations) {
    if (!deviations.empty()) {
      found.push_back({index, std::move(deviations)});
    }
  };
  for (const Macvlan& macvlan : macvlans_) {
    enter(report.macvlans, macvlan.index,
          deviations_of_macvlan(macvlan.family, macvlan.settings, others_[macvlan.parent]));
    if (netlink::value_of(macvlan.settings, "ipv6/disable_ipv6") == 0) {
      report.ipv6_on.push_back(macvlan.index);
    }
  }
  for (const base::IfIndex index : order.parents) {
    enter(report.parents, index, deviations_of_parent(core::Family::ipv4, others_[index], all));
  }
  for (const base::IfIndex index : order.parents_ipv6) {
    enter(report.parents, index, deviations_of_parent(core::Family::ipv6, others_[index], all));
  }
  report.complete = true;
  report.took = event::monotonic_now() - start;
  return report;
}

}  // namespace

Inspector::Execute inspect_by_netlink() {
  return [inspection = std::make_shared<Inspection>()](const InspectionOrder& order) {
    return inspection->carry_out(order);
  };
}

Inspections::Inspections(event::Loop& loop, event::Worker& worker, Inspector::Execute execute, Order order,
                         Handler on_report)
    : order_(std::move(order)),
      on_report_(std::move(on_report)),
      timer_(loop, [this] { begin(); }),
      inspector_(worker, kRank, std::move(execute),
                 [this](const InspectionOrder&, const InspectionReport& report) { on_done(report); }) {}

void Inspections::start() {
  started_ = true;
  soon();
}

void Inspections::soon() {
  if (!started_) {
    return;
  }
  if (inspector_.under_way() > 0) {
    again_ = true;
    return;
  }
  const base::TimePoint wanted = std::max(event::monotonic_now() + kInspectSoon, not_before_);
  if (next_ == base::TimePoint{} || wanted < next_) {
    next_ = wanted;
    timer_.set(next_);
  }
}

void Inspections::begin() {
  next_ = {};
  InspectionOrder order = order_();
  if (!order.routers && order.parents.empty() && order.parents_ipv6.empty()) {
    next_ = event::monotonic_now() + kInspectionPause;
    timer_.set(next_);
    return;
  }
  inspector_.begin(std::move(order));
}

void Inspections::on_done(const InspectionReport& report) {
  const base::TimePoint now = event::monotonic_now();
  not_before_ = now + kInspectionShareSoon * report.took;
  next_ = now + std::max<base::Duration>(kInspectionPause, kInspectionShare * report.took);
  timer_.set(next_);
  if (report.complete) {
    on_report_(report);
  }
  if (std::exchange(again_, false)) {
    soon();
  }
}

void Inspections::stop() {
  started_ = false;
  timer_.cancel();
  inspector_.give_up();
}

}  // namespace tandem::vrrpd::io
