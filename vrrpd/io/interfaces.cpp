// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/interfaces.h"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

#include "vrrpd/io/names.h"

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
  for (const netlink::Address& address : found->second.addresses) {
    let_go(address.prefix.address);
  }
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
    ++holders_[address.prefix.address];
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
  let_go(address.prefix.address);
  return Effect::changed;
}

void InterfaceTable::let_go(const base::IpAddress& address) {
  const auto held = holders_.find(address);
  if (--held->second == 0) {
    holders_.erase(held);
  }
}

std::size_t InterfaceTable::holders(const base::IpAddress& address) const {
  const auto held = holders_.find(address);
  return held == holders_.end() ? 0 : held->second;
}

void InterfaceTable::enter(const netlink::Link& link) {
  by_name_[link.name] = link.index;
  for (const std::string& name : link.altnames) {
    by_altname_[name] = link.index;
  }
  if (link.macvlan) {
    if (!packet::parse_virtual_mac(link.mac)) {
      plain_macvlans_.insert(link.index);
      for (std::string& word : words_for_parent(link.name, link.index)) {
        parents_by_word_.emplace(std::move(word), link.index);
      }
    }
    const MacvlanKey key{parent_of(link), link.mac};
    macvlans_[key].insert(link.index);
    keys_.insert_or_assign(link.index, key);
  }
}

void InterfaceTable::leave(const netlink::Link& link) {
  // Names can be exchanged by two renames of which the second is reported first in a dump.
  const auto take_off = [&link](auto& names, const std::string& name) {
    if (const auto found = names.find(name); found != names.end() && found->second == link.index) {
      names.erase(found);
    }
  };
  take_off(by_name_, link.name);
  for (const std::string& name : link.altnames) {
    take_off(by_altname_, name);
  }
  if (plain_macvlans_.erase(link.index) != 0) {
    for (const std::string& word : words_for_parent(link.name, link.index)) {
      const auto [first, last] = parents_by_word_.equal_range(word);
      const auto own = std::find_if(first, last, [&link](const auto& entry) { return entry.second == link.index; });
      if (own != last) {
        parents_by_word_.erase(own);
      }
    }
  }
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
  const auto [first, last] = parents_by_word_.equal_range(word_for_parent(macvlan.name));
  for (auto at = first; at != last; ++at) {
    const base::IfIndex index = at->second;
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
  const auto found = by_altname_.find(name);
  return found == by_altname_.end() ? nullptr : find(found->second);
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

bool is_of_a_virtual_router(const netlink::Link& link) { return link.macvlan && packet::parse_virtual_mac(link.mac); }

void add_holder(const Interface& interface, const std::set<base::IpAddress>& addresses, Holders& holders) {
  for (const netlink::Address& address : interface.addresses) {
    if (addresses.contains(address.prefix.address) && !is_of_a_virtual_router(interface.link)) {
      holders.emplace(interface.link.name, address.prefix.address);
    }
  }
}

}  // namespace tandem::vrrpd::io
