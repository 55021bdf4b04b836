// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/interfaces.h"

#include <variant>

namespace tandem::vrrpd::io {
namespace {

bool usable_source(const netlink::Address& address) {
  if (address.prefix.address.family() == base::Family::ipv4) {
    return !address.secondary;  // R4: the primary address
  }
  return address.prefix.address.is_link_local() && !address.tentative && !address.duplicate;  // R5
}

}  // namespace

InterfaceTable::Effect InterfaceTable::apply(const netlink::Event& event) {
  const Effect effect = reported_.apply(event);
  if (effect != Effect::changed) {
    return effect;
  }
  if (const auto* link = std::get_if<netlink::LinkChanged>(&event)) {
    macvlans_.update(link->link, reported_);
  } else if (const auto* removed = std::get_if<netlink::LinkRemoved>(&event)) {
    macvlans_.remove(removed->index);
  }
  return effect;
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

bool is_of_a_virtual_router(const netlink::Link& link) { return link.macvlan && packet::parse_virtual_mac(link.mac); }

void add_holder(const Interface& interface, const std::set<base::IpAddress>& addresses, Holders& holders) {
  for (const netlink::Address& address : interface.addresses) {
    if (addresses.contains(address.prefix.address) && !is_of_a_virtual_router(interface.link)) {
      holders.emplace(interface.link.name, address.prefix.address);
    }
  }
}

}  // namespace tandem::vrrpd::io
