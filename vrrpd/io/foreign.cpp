// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/foreign.h"

namespace tandem::vrrpd::io {
namespace {

std::vector<base::IpPrefix> present(const Interface& device) {
  std::vector<base::IpPrefix> prefixes;
  for (const netlink::Address& address : device.addresses) {
    prefixes.push_back(address.prefix);
  }
  return prefixes;
}

// The kernel makes link-local addresses by itself; no group is meant by them (as in FRR).
void keep_virtual(std::vector<base::IpPrefix>& prefixes, core::Family family) {
  std::erase_if(prefixes, [family](const base::IpPrefix& prefix) {
    const bool ipv6 = prefix.address.family() == core::Family::ipv6;
    return prefix.address.family() != family || (ipv6 && prefix.address.is_link_local());
  });
}

}  // namespace

bool is_foreign_macvlan(const netlink::Link& link) {
  return link.macvlan && packet::parse_virtual_mac(link.mac) && !is_tandem_group(link.group);
}

std::vector<ForeignMacvlan> foreign_macvlans(const InterfaceTable& table, const KernelState& kernel_state) {
  std::vector<ForeignMacvlan> found;
  for (const auto& [index, device] : table.all()) {
    const Interface* const parent = table.find(device.link.parent);
    if (!is_foreign_macvlan(device.link) || parent == nullptr ||
        table.macvlan(parent->link.index, device.link.mac) != &device) {
      continue;
    }
    const auto [vrid, family] = *packet::parse_virtual_mac(device.link.mac);
    const auto adopted = kernel_state.adopted.find(index);
    ForeignMacvlan macvlan{
        .index = index,
        .name = device.link.name,
        .parent = parent->link.name,
        .vrid = vrid,
        .family = family,
        .addresses = adopted == kernel_state.adopted.end() ? present(device) : adopted->second.addresses};
    keep_virtual(macvlan.addresses, family);
    found.push_back(std::move(macvlan));
  }
  return found;
}

}  // namespace tandem::vrrpd::io
