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
  enqueue(id);
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
  queue_.remove(router_item(id));
  deferred_.erase(router_item(id));
  changes_.routers.erase(id);
  if (const Interface* const macvlan = device(desired)) {
    enqueue_device(macvlan->link);
  }
  if (const Interface* const parent = dependencies_.table.find(desired.interface)) {
    queue_.add(parent_item(parent->link.index), Urgency::tidy);
  }
}

void Reconciler::forget_all() {
  entries_.clear();
  owners_.clear();
  queue_ = {};
  deferred_.clear();
  executing_.reset();
  under_way_.clear();
  in_use_.clear();
  waiting_.clear();
  changes_ = {};
  enqueue_everything();
}

void Reconciler::set_lease(Lease lease) {
  lease_ = lease;
  for (const auto& [id, entry] : entries_) {
    if (entry.desired.claimed && entry.outcome.settled()) {
      queue_.add(router_item(id), Urgency::renew);
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
        dependencies_.table.apply(netlink::AddressAdded{address});
      }
      queue_.add(router_item(id), Urgency::renew);
    }
  }
}

const Interface* Reconciler::device(const DesiredDevice& desired) const {
  const Interface* const parent = dependencies_.table.find(desired.interface);
  return parent == nullptr ? nullptr : dependencies_.table.macvlan(parent->link.index, key_of(desired).second);
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

void Reconciler::enqueue(core::RouterId id) {
  entries_.at(id).outcome = {};
  enqueue_again(id);
}

void Reconciler::enqueue_again(core::RouterId id) {
  deferred_.erase(router_item(id));
  enter(id);
}

void Reconciler::enter(core::RouterId id) {
  const Entry& entry = entries_.at(id);
  Urgency urgency = entry.desired.claimed ? Urgency::claim : Urgency::build;
  if (!entry.desired.claimed) {
    const Interface* const macvlan = device(entry.desired);
    urgency = macvlan != nullptr && !macvlan->addresses.empty() ? Urgency::release : Urgency::build;
  }
  queue_.add(router_item(id), urgency);
}

core::RouterId Reconciler::user_of(const netlink::Link& link) const {
  const Interface* const parent = dependencies_.table.find(dependencies_.table.parent_of(link));
  const auto owner = parent == nullptr ? owners_.end() : owners_.find({parent->link.name, link.mac});
  return owner == owners_.end() ? kNoRouter : owner->second;
}

void Reconciler::enqueue_device(const netlink::Link& link) {
  const core::RouterId user = user_of(link);
  if (user != kNoRouter && is_executing(link.index)) {
    enqueue_again(user);  // likely it is our own change that is reported
  } else if (user != kNoRouter) {
    enqueue(user);
  } else if (is_ours(link)) {
    const Interface* const known = dependencies_.table.find(link.index);
    const bool live = known != nullptr && !known->addresses.empty();
    queue_.add(device_item(link.index), live ? Urgency::release : Urgency::tidy);
  }
}

void Reconciler::enqueue_routers_on(const std::string& parent) {
  for (auto at = owners_.lower_bound({parent, base::MacAddress{}}); at != owners_.end() && at->first.first == parent;
       ++at) {
    enqueue(at->second);
  }
}

// Everything that hangs on an interface of that name: it came, went, or is another one now.
void Reconciler::enqueue_parent(const std::string& name) {
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

void Reconciler::enqueue_deferred() {
  for (const WorkItem& item : std::exchange(deferred_, {})) {
    if (item.kind == WorkItem::Kind::router) {
      enqueue(core::RouterId{item.number});
    } else {
      queue_.add(item, Urgency::tidy);
    }
  }
}

bool Reconciler::is_refused(const WorkItem& item) const {
  return item.kind != WorkItem::Kind::router ||
         entries_.at(core::RouterId{item.number}).outcome.state == Outcome::State::refused;
}

bool Reconciler::has_refused() const {
  return std::any_of(deferred_.begin(), deferred_.end(), [this](const WorkItem& item) { return is_refused(item); });
}

bool Reconciler::has_blocked() const {
  return std::any_of(deferred_.begin(), deferred_.end(), [this](const WorkItem& item) { return !is_refused(item); });
}

// As enqueue_deferred(), but their outcome is still what it was.
void Reconciler::retry() {
  std::set<WorkItem> refused;
  std::copy_if(deferred_.begin(), deferred_.end(), std::inserter(refused, refused.end()),
               [this](const WorkItem& item) { return is_refused(item); });
  for (const WorkItem& item : refused) {
    deferred_.erase(item);
    if (item.kind == WorkItem::Kind::router) {
      enter(core::RouterId{item.number});
    } else {
      queue_.add(item, Urgency::tidy);
    }
  }
  tried_again_ = std::move(refused);
}

void Reconciler::note_refused(const WorkItem& item) {
  deferred_.insert(item);
  newly_refused_ = newly_refused_ || !tried_again_.contains(item);
}

void Reconciler::enqueue_everything() {
  for (const auto& [id, entry] : entries_) {
    enqueue(id);
  }
  pending_deletion_.clear();
  for (const auto& [index, interface] : dependencies_.table.all()) {
    note_group(interface.link);
    if (is_ours(interface.link)) {
      enqueue_device(interface.link);
    }
  }
  for (const std::set<base::IfIndex>* parents :
       {&dependencies_.kernel_state.guarded, &dependencies_.kernel_state.guarded_ipv6,
        &dependencies_.kernel_state.left_guarded}) {
    for (const base::IfIndex index : *parents) {
      queue_.add(parent_item(index), Urgency::tidy);
    }
  }
  changes_.all_interfaces = true;
  changes_.foreign_macvlans = true;
}

// ---- what the kernel reports

bool Reconciler::is_ours(const netlink::Link& link) const {
  return dependencies_.kernel_state.is_ours(link) || dependencies_.kernel_state.adopted.contains(link.index);
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
  const Interface* const known = dependencies_.table.find(link.index);
  const std::optional<netlink::Link> before = known == nullptr ? std::nullopt : std::optional(known->link);
  if (dependencies_.table.apply(event) == InterfaceTable::Effect::nothing) {
    return;
  }
  if (before && before->macvlan && (before->parent != link.parent || before->mac != link.mac)) {
    enqueue_device(*before);  // the router that used it has to look for another one
  }
  note_group(link);
  enqueue_device(link);
  const bool renamed = before && before->name != link.name;
  changes_.foreign_macvlans = changes_.foreign_macvlans || renamed || is_foreign_macvlan(link);
  if (is_ours(link)) {
    return;
  }
  changes_.interfaces.insert(link.name);
  if (renamed) {
    changes_.interfaces.insert(before->name);
    enqueue_parent(before->name);
    tell_ports_of(link.index);
  }
  if (!before || renamed || before->ethernet != link.ethernet || before->vrf != link.vrf || before->mtu != link.mtu) {
    enqueue_parent(link.name);
  } else if (before->port != link.port) {
    enqueue_routers_on(link.name);
  }
  enqueue_deferred();
}

// To be in a VRF of another name is another thing.
void Reconciler::tell_ports_of(base::IfIndex vrf) {
  for (const auto& [index, interface] : dependencies_.table.all()) {
    if (interface.link.vrf == vrf && !is_ours(interface.link)) {
      changes_.interfaces.insert(interface.link.name);
    }
  }
}

void Reconciler::on_link_removed(base::IfIndex index) {
  const Interface* const known = dependencies_.table.find(index);
  if (known == nullptr) {
    return;
  }
  const netlink::Link link = known->link;
  const bool ours = is_ours(link);
  const std::vector<base::IfIndex> left = dependencies_.table.macvlans_on(index);
  dependencies_.table.apply(netlink::LinkRemoved{index});
  dependencies_.kernel.forget(index);
  dependencies_.kernel_state.forget(index);
  pending_deletion_.erase(index);
  queue_.remove(parent_item(index));
  deferred_.erase(device_item(index));
  deferred_.erase(parent_item(index));
  enqueue_device(link);
  queue_.remove(device_item(index));
  changes_.foreign_macvlans = changes_.foreign_macvlans || is_foreign_macvlan(link);
  if (!ours) {
    changes_.interfaces.insert(link.name);
    enqueue_parent(link.name);
  }
  enqueue_deferred();                         // it may have had a name that a router waits for
  for (const base::IfIndex macvlan : left) {  // on the interface below, if this was a macvlan itself
    if (const Interface* const orphan = dependencies_.table.find(macvlan)) {
      queue_.add(device_item(macvlan), orphan->addresses.empty() ? Urgency::tidy : Urgency::release);
    }
  }
}

void Reconciler::on_address(base::IfIndex interface, const netlink::Event& event) {
  const InterfaceTable::Effect effect = dependencies_.table.apply(event);
  if (effect == InterfaceTable::Effect::nothing) {
    return;
  }
  const netlink::Link& link = dependencies_.table.find(interface)->link;
  if (effect == InterfaceTable::Effect::lifetime && !is_ours(link)) {
    return;  // a router that advertises prefixes renews them all the time
  }
  enqueue_device(link);
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
    enqueue_routers_on(link.name);  // what a network reserves no host can have
    enqueue_deferred();
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
  const auto adopted = dependencies_.kernel_state.adopted.find(link.index);
  if (user == kNoRouter || adopted == dependencies_.kernel_state.adopted.end()) {
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
    dependencies_.kernel.remember(link.index, original);
  }
}

void Reconciler::note_group(const netlink::Link& link) {
  if (dependencies_.kernel_state.awaits_deletion(link)) {
    pending_deletion_.insert(link.index);
  } else {
    pending_deletion_.erase(link.index);
  }
}

}  // namespace tandem::vrrpd::io
