// SPDX-License-Identifier: Apache-2.0
// The interfaces of this network namespace as the kernel last reported them, and which macvlans are on which: a value
// that is updated from decoded netlink messages and asked by the reconciler and the daemon.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/ids.h"
#include "lib/base/ip.h"
#include "lib/base/mac.h"
#include "lib/netlink/interface_table.h"
#include "vrrpd/core/types.h"
#include "vrrpd/io/macvlan_index.h"

namespace tandem::vrrpd::io {

using netlink::Interface;

class InterfaceTable {
 public:
  using Effect = netlink::InterfaceTable::Effect;
  Effect apply(const netlink::Event& event);

  const netlink::InterfaceTable& reported() const { return reported_; }
  const Interface* find(base::IfIndex index) const { return reported_.find(index); }
  const Interface* find(std::string_view name) const { return reported_.find(name); }
  const Interface* find_by_altname(std::string_view name) const { return reported_.find_by_altname(name); }
  std::size_t holders(const base::IpAddress& address) const { return reported_.holders(address); }
  const std::map<base::IfIndex, Interface>& all() const { return reported_.all(); }

  // As MacvlanIndex has them.
  const Interface* macvlan(base::IfIndex parent, const base::MacAddress& mac) const {
    return macvlans_.find(parent, mac, reported_);
  }
  base::IfIndex parent_of(const netlink::Link& macvlan) const { return macvlans_.parent_of(macvlan, reported_); }
  std::vector<base::IfIndex> macvlans_on(base::IfIndex parent) const { return macvlans_.macvlans_on(parent); }
  std::map<base::IfIndex, base::IfIndex> on_macvlans() const { return macvlans_.on_macvlans(); }

 private:
  netlink::InterfaceTable reported_;
  MacvlanIndex macvlans_;
};

// What the core wants to know of interface `name` for one virtual router (R4, R5): its macvlan is ready when it is up
// (a Master's), or held down by protodown, which is the last step of making one; primary IPv4 address = the first that
// is not secondary; IPv6: the first usable link-local one, not tentative and not a duplicate.
core::InterfaceStatus status_of(const InterfaceTable& table, std::string_view name, core::Vrid vrid,
                                core::Family family);

// Whether it is a macvlan with the MAC address of a virtual router, made here or by another program.
bool is_of_a_virtual_router(const netlink::Link& link);

// Which interface has which address.
using Holders = std::set<std::pair<std::string, base::IpAddress>>;
// Adds what this one has of the addresses, unless it is the macvlan of a virtual router.
void add_holder(const Interface& interface, const std::set<base::IpAddress>& addresses, Holders& holders);

}  // namespace tandem::vrrpd::io
