// SPDX-License-Identifier: Apache-2.0
#include "lib/netlink/interface_table.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace tandem::netlink {
namespace {

// Two of an interface's addresses are the same object if the kernel says so: IPv4 allows one address with several
// prefix lengths.
bool same_object(const Address& a, const Address& b) {
  return a.prefix.address == b.prefix.address &&
         (a.prefix.address.family() == base::Family::ipv6 || a.prefix.length == b.prefix.length);
}

auto find_address(std::vector<Address>& addresses, const Address& wanted) {
  return std::find_if(addresses.begin(), addresses.end(),
                      [&](const Address& address) { return same_object(address, wanted); });
}

}  // namespace

InterfaceTable::Effect InterfaceTable::apply(const Event& event) {
  if (const auto* link = std::get_if<LinkChanged>(&event)) {
    return apply_link(link->link);
  }
  if (const auto* removed = std::get_if<LinkRemoved>(&event)) {
    return remove_link(removed->index);
  }
  if (const auto* added = std::get_if<AddressAdded>(&event)) {
    return apply_address(added->address);
  }
  return remove_address(std::get<AddressRemoved>(event).address);
}

InterfaceTable::Effect InterfaceTable::apply_link(const Link& link) {
  Interface& interface = interfaces_[link.index];
  if (interface.link == link) {
    return Effect::nothing;
  }
  remove_names(interface.link);
  interface.link = link;
  add_names(link);
  return Effect::changed;
}

InterfaceTable::Effect InterfaceTable::remove_link(base::IfIndex index) {
  const auto found = interfaces_.find(index);
  if (found == interfaces_.end()) {
    return Effect::nothing;
  }
  remove_names(found->second.link);
  for (const Address& address : found->second.addresses) {
    remove_holder(address.prefix.address);
  }
  interfaces_.erase(found);
  return Effect::changed;
}

InterfaceTable::Effect InterfaceTable::apply_address(const Address& address) {
  const auto found = interfaces_.find(address.interface);
  if (found == interfaces_.end()) {
    return Effect::nothing;
  }
  std::vector<Address>& addresses = found->second.addresses;
  const auto known = find_address(addresses, address);
  if (known == addresses.end()) {
    addresses.push_back(address);
    ++holders_[address.prefix.address];
    return Effect::changed;
  }
  Address before = std::exchange(*known, address);
  if (before == address) {
    return Effect::nothing;
  }
  before.lifetime = address.lifetime;
  return before == address ? Effect::lifetime : Effect::changed;
}

InterfaceTable::Effect InterfaceTable::remove_address(const Address& address) {
  const auto found = interfaces_.find(address.interface);
  if (found == interfaces_.end()) {
    return Effect::nothing;
  }
  std::vector<Address>& addresses = found->second.addresses;
  const auto known = find_address(addresses, address);
  if (known == addresses.end()) {
    return Effect::nothing;
  }
  addresses.erase(known);
  remove_holder(address.prefix.address);
  return Effect::changed;
}

void InterfaceTable::remove_holder(const base::IpAddress& address) {
  const auto held = holders_.find(address);
  if (--held->second == 0) {
    holders_.erase(held);
  }
}

std::size_t InterfaceTable::holders(const base::IpAddress& address) const {
  const auto held = holders_.find(address);
  return held == holders_.end() ? 0 : held->second;
}

void InterfaceTable::add_names(const Link& link) {
  by_name_[link.name] = link.index;
  for (const std::string& name : link.altnames) {
    by_altname_[name] = link.index;
  }
}

void InterfaceTable::remove_names(const Link& link) {
  // Names can be exchanged by two renames of which the second is reported first in a dump.
  const auto remove = [&link](auto& names, const std::string& name) {
    if (const auto found = names.find(name); found != names.end() && found->second == link.index) {
      names.erase(found);
    }
  };
  remove(by_name_, link.name);
  for (const std::string& name : link.altnames) {
    remove(by_altname_, name);
  }
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

bool is_in_vrf(const InterfaceTable& table, std::string_view name, std::string_view vrf) {
  const Interface* const interface = table.find(name);
  if (interface == nullptr || vrf.empty()) {
    return interface != nullptr;
  }
  const Interface* const device = table.find(interface->link.vrf);
  return vrf == (device == nullptr ? "default" : device->link.name);
}

}  // namespace tandem::netlink
