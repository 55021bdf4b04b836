// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/reconciler.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "vrrpd/io/foreign.h"
#include "vrrpd/io/limits.h"

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

// ---- what is wanted

void Reconciler::want(core::RouterId id, DesiredDevice desired) {
  const auto known = entries_.find(id);
  if (known != entries_.end() && known->second.desired == desired) {
    return;
  }
  if (known != entries_.end() && key_of(known->second.desired) != key_of(desired)) {
    forget(id);
  }
  owners_[key_of(desired)] = id;
  entries_.insert_or_assign(id, Entry{std::move(desired)});
  look_at(id);
}

void Reconciler::forget(core::RouterId id) {
  const auto known = entries_.find(id);
  if (known == entries_.end()) {
    return;
  }
  const DesiredDevice desired = std::move(known->second.desired);
  const auto owner = owners_.find(key_of(desired));
  if (owner != owners_.end() && owner->second == id) {
    owners_.erase(owner);
  }
  entries_.erase(known);
  agenda_.remove(router_concern(id));
  stuck_.erase(router_concern(id));
  changes_.routers.erase(id);
  if (const Interface* const macvlan = device(desired)) {
    look_at_device(macvlan->link);
  }
  if (const Interface* const parent = parts_.table.find(desired.interface)) {
    agenda_.add(parent_concern(parent->link.index), Urgency::tidy);
  }
}

void Reconciler::forget_all() {
  entries_.clear();
  owners_.clear();
  agenda_ = {};
  stuck_.clear();
  executing_.reset();
  under_way_.clear();
  in_use_.clear();
  waiting_.clear();
  changes_ = {};
  look_at_everything();
}

void Reconciler::set_lease(Lease lease) {
  lease_ = lease;
  for (const auto& [id, entry] : entries_) {
    if (entry.desired.claimed && entry.outcome.settled()) {
      agenda_.add(router_concern(id), Urgency::renew);
    }
  }
}

bool Reconciler::has_lease_in(unsigned part, core::RouterId id, const Entry& entry) {
  return entry.desired.claimed && entry.outcome.settled() && static_cast<unsigned>(id) % kRenewalParts == part;
}

std::vector<AddAddress> Reconciler::renewals(unsigned part) const {
  std::vector<AddAddress> due;
  for (const auto& [id, entry] : entries_) {
    const Interface* const macvlan = has_lease_in(part, id, entry) ? device(entry.desired) : nullptr;
    if (macvlan == nullptr) {
      continue;
    }
    const std::vector<base::IpPrefix>& wanted = entry.desired.addresses;
    for (const netlink::Address& address : macvlan->addresses) {
      if (std::find(wanted.begin(), wanted.end(), address.prefix) != wanted.end()) {
        due.push_back({macvlan->link.index, address.prefix, lease_});
      }
    }
  }
  return due;
}

// The table has the lifetimes as they were reported. Now a third of them is over.
void Reconciler::renew(unsigned part) {
  for (const auto& [id, entry] : entries_) {
    if (!has_lease_in(part, id, entry)) {
      continue;
    }
    if (const Interface* const macvlan = device(entry.desired)) {
      const std::vector<netlink::Address> addresses = macvlan->addresses;
      for (netlink::Address address : addresses) {
        address.lifetime = address.lifetime ? std::optional(2 * *address.lifetime / 3) : std::nullopt;
        parts_.table.apply(netlink::AddressAdded{address});
      }
      agenda_.add(router_concern(id), Urgency::renew);
    }
  }
}

const Interface* Reconciler::device(const DesiredDevice& desired) const {
  const Interface* const parent = parts_.table.find(desired.interface);
  return parent == nullptr ? nullptr : parts_.table.macvlan(parent->link.index, key_of(desired).second);
}

base::IfIndex Reconciler::device_of(core::RouterId id) const {
  const Interface* const found = device(entries_.at(id).desired);
  return found == nullptr ? base::kNoInterface : found->link.index;
}

bool Reconciler::has_router(const std::string& parent) const {
  const auto first = owners_.lower_bound({parent, base::MacAddress{}});
  return first != owners_.end() && first->first.first == parent;
}

// ---- what may differ

void Reconciler::look_at(core::RouterId id) {
  entries_.at(id).outcome = {};
  look_again(id);
}

void Reconciler::look_again(core::RouterId id) {
  stuck_.erase(router_concern(id));
  enter(id);
}

void Reconciler::enter(core::RouterId id) {
  const Entry& entry = entries_.at(id);
  Urgency urgency = entry.desired.claimed ? Urgency::claim : Urgency::build;
  if (!entry.desired.claimed) {
    const Interface* const macvlan = device(entry.desired);
    urgency = macvlan != nullptr && !macvlan->addresses.empty() ? Urgency::release : Urgency::build;
  }
  agenda_.add(router_concern(id), urgency);
}

core::RouterId Reconciler::user_of(const netlink::Link& link) const {
  const Interface* const parent = parts_.table.find(parts_.table.parent_of(link));
  const auto owner = parent == nullptr ? owners_.end() : owners_.find({parent->link.name, link.mac});
  return owner == owners_.end() ? kNobody : owner->second;
}

void Reconciler::look_at_device(const netlink::Link& link) {
  const core::RouterId user = user_of(link);
  if (user != kNobody && is_executing(link.index)) {
    look_again(user);  // likely it is our own change that is reported
  } else if (user != kNobody) {
    look_at(user);
  } else if (is_ours(link)) {
    const Interface* const known = parts_.table.find(link.index);
    const bool live = known != nullptr && !known->addresses.empty();
    agenda_.add(device_concern(link.index), live ? Urgency::release : Urgency::tidy);
  }
}

void Reconciler::look_at_routers_on(const std::string& parent) {
  for (auto at = owners_.lower_bound({parent, base::MacAddress{}}); at != owners_.end() && at->first.first == parent;
       ++at) {
    look_at(at->second);
  }
}

// Everything that hangs on an interface of that name: it came, went, or is another one now.
void Reconciler::look_at_parent(const std::string& name) {
  look_at_routers_on(name);
  const Interface* const parent = parts_.table.find(name);
  if (parent == nullptr) {
    return;
  }
  agenda_.add(parent_concern(parent->link.index), Urgency::tidy);
  for (const base::IfIndex index : parts_.table.macvlans_on(parent->link.index)) {
    look_at_device(parts_.table.find(index)->link);
  }
}

void Reconciler::look_at_stuck() {
  for (const Concern& concern : std::exchange(stuck_, {})) {
    if (concern.kind == Concern::Kind::router) {
      look_at(core::RouterId{concern.number});
    } else {
      agenda_.add(concern, Urgency::tidy);
    }
  }
}

bool Reconciler::is_refused(const Concern& concern) const {
  return concern.kind != Concern::Kind::router ||
         entries_.at(core::RouterId{concern.number}).outcome.state == Outcome::State::refused;
}

bool Reconciler::has_refused() const {
  return std::any_of(stuck_.begin(), stuck_.end(), [this](const Concern& concern) { return is_refused(concern); });
}

bool Reconciler::has_blocked() const {
  return std::any_of(stuck_.begin(), stuck_.end(), [this](const Concern& concern) { return !is_refused(concern); });
}

// As look_at_stuck(), but their outcome is still what it was.
void Reconciler::retry() {
  std::set<Concern> refused;
  std::copy_if(stuck_.begin(), stuck_.end(), std::inserter(refused, refused.end()),
               [this](const Concern& concern) { return is_refused(concern); });
  for (const Concern& concern : refused) {
    stuck_.erase(concern);
    if (concern.kind == Concern::Kind::router) {
      enter(core::RouterId{concern.number});
    } else {
      agenda_.add(concern, Urgency::tidy);
    }
  }
  tried_again_ = std::move(refused);
}

void Reconciler::note_refused(const Concern& concern) {
  stuck_.insert(concern);
  newly_refused_ = newly_refused_ || !tried_again_.contains(concern);
}

void Reconciler::look_at_everything() {
  for (const auto& [id, entry] : entries_) {
    look_at(id);
  }
  buried_.clear();
  for (const auto& [index, interface] : parts_.table.all()) {
    note_group(interface.link);
    if (is_ours(interface.link)) {
      look_at_device(interface.link);
    }
  }
  for (const std::set<base::IfIndex>* parents :
       {&parts_.memory.guarded, &parts_.memory.guarded_ipv6, &parts_.memory.left_guarded}) {
    for (const base::IfIndex index : *parents) {
      agenda_.add(parent_concern(index), Urgency::tidy);
    }
  }
  changes_.all_interfaces = true;
  changes_.foreign_macvlans = true;
}

// ---- what the kernel reports

bool Reconciler::is_ours(const netlink::Link& link) const {
  return parts_.memory.is_ours(link) || parts_.memory.adopted.contains(link.index);
}

void Reconciler::on_event(const netlink::Event& event) {
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

void Reconciler::on_link(const netlink::LinkChanged& event) {
  const netlink::Link& link = event.link;
  const Interface* const known = parts_.table.find(link.index);
  const std::optional<netlink::Link> before = known == nullptr ? std::nullopt : std::optional(known->link);
  if (parts_.table.apply(event) == InterfaceTable::Effect::nothing) {
    return;
  }
  if (before && before->macvlan && (before->parent != link.parent || before->mac != link.mac)) {
    look_at_device(*before);  // the router that used it has to look for another one
  }
  note_group(link);
  look_at_device(link);
  const bool renamed = before && before->name != link.name;
  changes_.foreign_macvlans = changes_.foreign_macvlans || renamed || is_foreign_macvlan(link);
  if (is_ours(link)) {
    return;
  }
  changes_.interfaces.insert(link.name);
  if (renamed) {
    changes_.interfaces.insert(before->name);
    look_at_parent(before->name);
    tell_ports_of(link.index);
  }
  if (!before || renamed || before->ethernet != link.ethernet || before->vrf != link.vrf || before->mtu != link.mtu) {
    look_at_parent(link.name);
  } else if (before->port != link.port) {
    look_at_routers_on(link.name);
  }
  look_at_stuck();
}

// To be in a VRF of another name is another thing.
void Reconciler::tell_ports_of(base::IfIndex vrf) {
  for (const auto& [index, interface] : parts_.table.all()) {
    if (interface.link.vrf == vrf && !is_ours(interface.link)) {
      changes_.interfaces.insert(interface.link.name);
    }
  }
}

void Reconciler::on_link_removed(base::IfIndex index) {
  const Interface* const known = parts_.table.find(index);
  if (known == nullptr) {
    return;
  }
  const netlink::Link link = known->link;
  const bool ours = is_ours(link);
  const std::vector<base::IfIndex> left = parts_.table.macvlans_on(index);
  parts_.table.apply(netlink::LinkRemoved{index});
  parts_.kernel.forget(index);
  parts_.memory.forget(index);
  buried_.erase(index);
  agenda_.remove(parent_concern(index));
  stuck_.erase(device_concern(index));
  stuck_.erase(parent_concern(index));
  look_at_device(link);
  agenda_.remove(device_concern(index));
  changes_.foreign_macvlans = changes_.foreign_macvlans || is_foreign_macvlan(link);
  if (!ours) {
    changes_.interfaces.insert(link.name);
    look_at_parent(link.name);
  }
  look_at_stuck();                            // it may have had a name that a router waits for
  for (const base::IfIndex macvlan : left) {  // on the interface below, if this was a macvlan itself
    if (const Interface* const orphan = parts_.table.find(macvlan)) {
      agenda_.add(device_concern(macvlan), orphan->addresses.empty() ? Urgency::tidy : Urgency::release);
    }
  }
}

void Reconciler::on_address(base::IfIndex interface, const netlink::Event& event) {
  const InterfaceTable::Effect effect = parts_.table.apply(event);
  if (effect == InterfaceTable::Effect::nothing) {
    return;
  }
  const netlink::Link& link = parts_.table.find(interface)->link;
  if (effect == InterfaceTable::Effect::lifetime && !is_ours(link)) {
    return;  // a router that advertises prefixes renews them all the time
  }
  look_at_device(link);
  if (effect == InterfaceTable::Effect::changed && is_foreign_macvlan(link)) {
    changes_.foreign_macvlans = true;
    follow(link, event);
  }
  if (!is_ours(link)) {
    changes_.interfaces.insert(link.name);
    const auto* const removed = std::get_if<netlink::AddressRemoved>(&event);
    if (removed != nullptr && removed->address.prefix.address.is_link_local()) {
      changes_.ipv6_disturbed.insert(interface);
    }
    look_at_routers_on(link.name);  // what a network reserves no host can have
    look_at_stuck();
  }
}

// What another program puts on a followed macvlan in our hands, or takes off it, is as if it had been so before. Our
// own changes are in the table before they are reported and do not get here, unless they are just being carried out;
// neither does what the kernel does by itself: it lets leases run out, and drops the IPv6 addresses of an interface
// that is set down.
void Reconciler::follow(const netlink::Link& link, const netlink::Event& event) {
  if (is_executing(link.index, event)) {
    return;
  }
  const core::RouterId user = user_of(link);
  const auto adopted = parts_.memory.adopted.find(link.index);
  if (user == kNobody || adopted == parts_.memory.adopted.end()) {
    return;
  }
  const DesiredDevice& desired = entries_.at(user).desired;
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
    parts_.kernel.remember(link.index, original);
  }
}

void Reconciler::note_group(const netlink::Link& link) {
  if (parts_.memory.is_buried(link)) {
    buried_.insert(link.index);
  } else {
    buried_.erase(link.index);
  }
}

}  // namespace tandem::vrrpd::io
