// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/interfaces.h"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

#include "vrrpd/io/operation.h"

namespace tandem::vrrpd::io {
namespace {

// Two of an interface's addresses are the same object if the kernel says so: IPv4 allows one address with several
// prefix lengths.
bool same_object(const netlink::Address& a, const netlink::Address& b) {
  return a.prefix.address == b.prefix.address &&
         (a.prefix.address.family() == base::Family::ipv6 || a.prefix.length == b.prefix.length);
}

auto find_address(std::vector<netlink::Address>& addresses, const netlink::Address& wanted) {
  return std::find_if(addresses.begin(), addresses.end(),
                      [&](const netlink::Address& address) { return same_object(address, wanted); });
}

bool usable_source(const netlink::Address& address) {
  if (address.prefix.address.family() == base::Family::ipv4) {
    return !address.secondary;  // R4: the primary address
  }
  return address.prefix.address.is_link_local() && !address.tentative && !address.duplicate;  // R5
}

}  // namespace

InterfaceTable::Effect InterfaceTable::apply(const netlink::Event& event) {
  if (const auto* link = std::get_if<netlink::LinkChanged>(&event)) {
    return apply_link(link->link);
  }
  if (const auto* removed = std::get_if<netlink::LinkRemoved>(&event)) {
    return remove_link(removed->index);
  }
  if (const auto* added = std::get_if<netlink::AddressAdded>(&event)) {
    return apply_address(added->address);
  }
  return remove_address(std::get<netlink::AddressRemoved>(event).address);
}

InterfaceTable::Effect InterfaceTable::apply_link(const netlink::Link& link) {
  Interface& interface = interfaces_[link.index];
  if (interface.link == link) {
    return Effect::nothing;
  }
  leave(interface.link);
  interface.link = link;
  enter(link);
  return Effect::changed;
}

InterfaceTable::Effect InterfaceTable::remove_link(base::IfIndex index) {
  const auto found = interfaces_.find(index);
  if (found == interfaces_.end()) {
    return Effect::nothing;
  }
  leave(found->second.link);
  interfaces_.erase(found);
  return Effect::changed;
}

InterfaceTable::Effect InterfaceTable::apply_address(const netlink::Address& address) {
  const auto found = interfaces_.find(address.interface);
  if (found == interfaces_.end()) {
    return Effect::nothing;
  }
  std::vector<netlink::Address>& addresses = found->second.addresses;
  const auto known = find_address(addresses, address);
  if (known == addresses.end()) {
    addresses.push_back(address);
    return Effect::changed;
  }
  netlink::Address before = std::exchange(*known, address);
  if (before == address) {
    return Effect::nothing;
  }
  before.lifetime = address.lifetime;
  return before == address ? Effect::lifetime : Effect::changed;
}

InterfaceTable::Effect InterfaceTable::remove_address(const netlink::Address& address) {
  const auto found = interfaces_.find(address.interface);
  if (found == interfaces_.end()) {
    return Effect::nothing;
  }
  std::vector<netlink::Address>& addresses = found->second.addresses;
  const auto known = find_address(addresses, address);
  if (known == addresses.end()) {
    return Effect::nothing;
  }
  addresses.erase(known);
  return Effect::changed;
}

void InterfaceTable::enter(const netlink::Link& link) {
  by_name_[link.name] = link.index;
  if (link.macvlan) {
    if (!packet::parse_virtual_mac(link.mac)) {
      plain_macvlans_.insert(link.index);
    }
    const MacvlanKey key{parent_of(link), link.mac};
    macvlans_[key].insert(link.index);
    keys_.insert_or_assign(link.index, key);
  }
}

void InterfaceTable::leave(const netlink::Link& link) {
  const auto name = by_name_.find(link.name);
  // Names can be exchanged by two renames of which the second is reported first in a dump.
  if (name != by_name_.end() && name->second == link.index) {
    by_name_.erase(name);
  }
  plain_macvlans_.erase(link.index);
  if (const auto key = keys_.find(link.index); key != keys_.end()) {
    const auto macvlan = macvlans_.find(key->second);
    macvlan->second.erase(link.index);
    if (macvlan->second.empty()) {
      macvlans_.erase(macvlan);
    }
    keys_.erase(key);
  }
}

base::IfIndex InterfaceTable::parent_of(const netlink::Link& macvlan) const {
  const auto owner = packet::parse_virtual_mac(macvlan.mac);
  if (!owner || !is_tandem_group(macvlan.group)) {
    return macvlan.parent;
  }
  for (const base::IfIndex index : plain_macvlans_) {
    const netlink::Link& parent = interfaces_.at(index).link;
    if (parent.parent == macvlan.parent && (macvlan.name == device_name(parent.name, owner->vrid, owner->family) ||
                                            macvlan.name == device_name_by_index(index, owner->vrid, owner->family))) {
      return index;
    }
  }
  return macvlan.parent;
}

const Interface* InterfaceTable::find(base::IfIndex index) const {
  const auto found = interfaces_.find(index);
  return found == interfaces_.end() ? nullptr : &found->second;
}

const Interface* InterfaceTable::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : find(found->second);
}

const Interface* InterfaceTable::find_by_altname(std::string_view name) const {
  const auto found = std::ranges::find_if(interfaces_, [name](const auto& entry) {
    return std::ranges::find(entry.second.link.altnames, name) != entry.second.link.altnames.end();
  });
  return found == interfaces_.end() ? nullptr : &found->second;
}

const Interface* InterfaceTable::macvlan(base::IfIndex parent, const base::MacAddress& mac) const {
  const auto found = macvlans_.find({parent, mac});
  if (found == macvlans_.end()) {
    return nullptr;
  }
  for (const base::IfIndex index : found->second) {
    const Interface* const candidate = find(index);
    if (candidate->link.admin_up) {
      return candidate;
    }
  }
  return find(*found->second.begin());
}

std::vector<base::IfIndex> InterfaceTable::macvlans_on(base::IfIndex parent) const {
  std::vector<base::IfIndex> found;
  for (auto at = macvlans_.lower_bound({parent, base::MacAddress{}});
       at != macvlans_.end() && at->first.first == parent; ++at) {
    found.insert(found.end(), at->second.begin(), at->second.end());
  }
  return found;
}

std::map<base::IfIndex, base::IfIndex> InterfaceTable::on_macvlans() const {
  std::map<base::IfIndex, base::IfIndex> parents;
  for (const base::IfIndex parent : plain_macvlans_) {
    for (const base::IfIndex macvlan : macvlans_on(parent)) {
      parents.emplace(macvlan, parent);
    }
  }
  return parents;
}

core::InterfaceStatus status_of(const InterfaceTable& table, std::string_view name, core::Vrid vrid,
                                core::Family family) {
  core::InterfaceStatus status;
  const Interface* const interface = table.find(name);
  if (interface == nullptr) {
    return status;
  }
  status.present = true;
  status.up = interface->link.admin_up && interface->link.running;
  const Interface* const device = table.macvlan(interface->link.index, packet::virtual_mac(vrid, family));
  status.device_ready = device != nullptr && (device->link.admin_up || device->link.protodown);
  for (const netlink::Address& address : interface->addresses) {
    if (address.prefix.address.family() != family) {
      continue;
    }
    status.addresses.push_back(address.prefix.address);
    if (!status.primary && usable_source(address)) {
      status.primary = address.prefix.address;
    }
  }
  return status;
}

bool is_in_vrf(const InterfaceTable& table, std::string_view name, std::string_view vrf) {
  const Interface* const interface = table.find(name);
  if (interface == nullptr || vrf.empty()) {
    return interface != nullptr;
  }
  const Interface* const device = table.find(interface->link.vrf);
  return vrf == (device == nullptr ? "default" : device->link.name);
}

std::set<std::pair<std::string, base::IpAddress>> holders_of(const InterfaceTable& table,
                                                             const std::set<base::IpAddress>& addresses) {
  std::set<std::pair<std::string, base::IpAddress>> holders;
  for (const auto& [index, interface] : table.all()) {
    if (interface.link.macvlan && packet::parse_virtual_mac(interface.link.mac)) {
      continue;
    }
    for (const netlink::Address& address : interface.addresses) {
      if (addresses.contains(address.prefix.address)) {
        holders.emplace(interface.link.name, address.prefix.address);
      }
    }
  }
  return holders;
}

}  // namespace tandem::vrrpd::io
