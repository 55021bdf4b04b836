// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/notification_handler.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "vrrpd/io/foreign.h"

namespace tandem::vrrpd::io {
namespace {

void note_added(const base::IpPrefix& prefix, const DesiredDevice& desired, Original& original) {
  const auto in = [&prefix](const std::vector<base::IpPrefix>& prefixes) {
    return std::find(prefixes.begin(), prefixes.end(), prefix) != prefixes.end();
  };
  if (!in(desired.addresses) && !in(original.addresses)) {
    original.addresses.push_back(prefix);
  }
}

void note_removed(const netlink::Address& address, Original& original) {
  constexpr std::chrono::seconds kRunOut{1};  // the kernel reports whole seconds
  if (!address.lifetime || *address.lifetime > kRunOut) {
    std::erase(original.addresses, address.prefix);
  }
}

}  // namespace

void NotificationHandler::handle(const netlink::Event& event) {
  if (const auto* link = std::get_if<netlink::LinkChanged>(&event)) {
    on_link(*link);
  } else if (const auto* removed = std::get_if<netlink::LinkRemoved>(&event)) {
    on_link_removed(removed->index);
  } else if (const auto* added = std::get_if<netlink::AddressAdded>(&event)) {
    on_address(added->address.interface, event);
  } else {
    on_address(std::get<netlink::AddressRemoved>(event).address.interface, event);
  }
}

void NotificationHandler::on_link(const netlink::LinkChanged& event) {
  const netlink::Link& link = event.link;
  const Interface* const known = dependencies_.table.find(link.index);
  const std::optional<netlink::Link> before = known == nullptr ? std::nullopt : std::optional(known->link);
  if (dependencies_.table.apply(event) == InterfaceTable::Effect::nothing) {
    return;
  }
  if (before && before->macvlan && (before->parent != link.parent || before->mac != link.mac)) {
    dependencies_.scheduler.enqueue_device(*before);  // the router that used it has to look for another one
  }
  dependencies_.pending_deletions.note(link);
  dependencies_.scheduler.enqueue_device(link);
  if (is_foreign_macvlan(link) || (before && before->name != link.name)) {
    dependencies_.changes.foreign_macvlans = true;
  }
  if (!dependencies_.kernel_state.holds(link)) {
    on_foreign_link(link, before);
  }
}

// Not in our hands: it may be the parent of macvlans, have a name that a router waits for, or be a VRF.
void NotificationHandler::on_foreign_link(const netlink::Link& link, const std::optional<netlink::Link>& before) {
  WorkScheduler& scheduler = dependencies_.scheduler;
  const bool renamed = before && before->name != link.name;
  dependencies_.changes.interfaces.insert(link.name);
  if (renamed) {
    dependencies_.changes.interfaces.insert(before->name);
    scheduler.enqueue_parent(before->name);
    tell_ports_of(link.index);
  }
  if (!before || renamed || before->ethernet != link.ethernet || before->vrf != link.vrf || before->mtu != link.mtu) {
    scheduler.enqueue_parent(link.name);
  } else if (before->port != link.port) {
    scheduler.enqueue_routers_on(link.name);
  }
  scheduler.enqueue_deferred();
}

// To be in a VRF of another name is another thing.
void NotificationHandler::tell_ports_of(base::IfIndex vrf) {
  for (const auto& [index, interface] : dependencies_.table.all()) {
    if (interface.link.vrf == vrf && !dependencies_.kernel_state.holds(interface.link)) {
      dependencies_.changes.interfaces.insert(interface.link.name);
    }
  }
}

void NotificationHandler::on_link_removed(base::IfIndex index) {
  const Interface* const known = dependencies_.table.find(index);
  if (known == nullptr) {
    return;
  }
  WorkScheduler& scheduler = dependencies_.scheduler;
  const netlink::Link link = known->link;
  const bool ours = dependencies_.kernel_state.holds(link);
  const std::vector<base::IfIndex> left = dependencies_.table.macvlans_on(index);
  dependencies_.table.apply(netlink::LinkRemoved{index});
  dependencies_.kernel.forget(index);
  dependencies_.kernel_state.forget(index);
  dependencies_.pending_deletions.forget(index);
  scheduler.enqueue_device(link);
  scheduler.remove(parent_item(index));
  scheduler.remove(device_item(index));
  dependencies_.changes.foreign_macvlans = dependencies_.changes.foreign_macvlans || is_foreign_macvlan(link);
  if (!ours) {
    dependencies_.changes.interfaces.insert(link.name);
    scheduler.enqueue_parent(link.name);
  }
  scheduler.enqueue_deferred();               // it may have had a name that a router waits for
  for (const base::IfIndex macvlan : left) {  // on the interface below, if this was a macvlan itself
    if (const Interface* const orphan = dependencies_.table.find(macvlan)) {
      scheduler.add(device_item(macvlan), orphan->addresses.empty() ? Urgency::tidy : Urgency::release);
    }
  }
}

void NotificationHandler::on_address(base::IfIndex interface, const netlink::Event& event) {
  const InterfaceTable::Effect effect = dependencies_.table.apply(event);
  if (effect == InterfaceTable::Effect::nothing) {
    return;
  }
  const netlink::Link& link = dependencies_.table.find(interface)->link;
  const bool ours = dependencies_.kernel_state.holds(link);
  if (effect == InterfaceTable::Effect::lifetime && !ours) {
    return;  // a router that advertises prefixes renews them all the time
  }
  dependencies_.scheduler.enqueue_device(link);
  if (effect == InterfaceTable::Effect::changed && is_foreign_macvlan(link)) {
    dependencies_.changes.foreign_macvlans = true;
    follow(link, event);
  }
  if (!ours) {
    on_foreign_address(link, event);
  }
}

void NotificationHandler::on_foreign_address(const netlink::Link& link, const netlink::Event& event) {
  dependencies_.changes.interfaces.insert(link.name);
  const auto* const removed = std::get_if<netlink::AddressRemoved>(&event);
  if (removed != nullptr && removed->address.prefix.address.is_link_local()) {
    dependencies_.changes.ipv6_disturbed.insert(link.index);
  }
  dependencies_.scheduler.enqueue_routers_on(link.name);  // what a network reserves no host can have
  dependencies_.scheduler.enqueue_deferred();
}

// What another program puts on a followed macvlan in our hands, or takes off it, is as if it had been so before. Our
// own changes are in the table before they are reported and do not get here, unless they are just being carried out;
// neither does what the kernel does by itself: it lets leases run out, and drops the IPv6 addresses of an interface
// that is set down.
void NotificationHandler::follow(const netlink::Link& link, const netlink::Event& event) {
  if (dependencies_.steps.is_executing(link.index, event)) {
    return;
  }
  const core::RouterId user = dependencies_.desired.user_of(link);
  const auto adopted = dependencies_.kernel_state.adopted.find(link.index);
  if (user == kNoRouter || adopted == dependencies_.kernel_state.adopted.end()) {
    return;
  }
  const DesiredDevice& desired = dependencies_.desired.at(user).desired;
  if (desired.macvlan != DesiredDevice::Macvlan::followed) {
    return;
  }
  Original original = adopted->second;
  if (const auto* added = std::get_if<netlink::AddressAdded>(&event)) {
    note_added(added->address.prefix, desired, original);
  } else if (desired.claimed && link.admin_up) {
    note_removed(std::get<netlink::AddressRemoved>(event).address, original);
  }
  if (original != adopted->second) {
    adopted->second = original;
    dependencies_.kernel.remember(link.index, original);
  }
}

}  // namespace tandem::vrrpd::io
