// SPDX-License-Identifier: Apache-2.0
// The interfaces of this network namespace as the kernel last reported them: a value that is updated from decoded
// netlink messages and asked by the reconciler and the daemon.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/ids.h"
#include "lib/base/ip.h"
#include "lib/base/mac.h"
#include "lib/netlink/messages.h"
#include "vrrpd/core/types.h"

namespace tandem::vrrpd::io {

// An interface with the addresses on it, in the kernel's order.
struct Interface {
  netlink::Link link;
  std::vector<netlink::Address> addresses;
};

class InterfaceTable {
 public:
  // Returns whether the event told anything new; `lifetime`: nothing but that of an address.
  enum class Effect { nothing, lifetime, changed };
  Effect apply(const netlink::Event& event);

  const Interface* find(base::IfIndex index) const;
  const Interface* find(std::string_view name) const;
  const Interface* find_by_altname(std::string_view name) const;
  // How many interfaces have this address, macvlans included.
  std::size_t holders(const base::IpAddress& address) const;
  const std::map<base::IfIndex, Interface>& all() const { return interfaces_; }

  // Macvlan on `parent` with this MAC address, ours or not. The kernel lets only one of several be up: that one, or
  // else the first.
  const Interface* macvlan(base::IfIndex parent, const base::MacAddress& mac) const;
  // What a macvlan was made on. The kernel puts a macvlan of a macvlan on the interface below both, and reports that
  // one; ours have where they belong in their name.
  base::IfIndex parent_of(const netlink::Link& macvlan) const;
  std::vector<base::IfIndex> macvlans_on(base::IfIndex parent) const;
  // Those of ours whose parent is a macvlan, with that parent.
  std::map<base::IfIndex, base::IfIndex> on_macvlans() const;

 private:
  using MacvlanKey = std::pair<base::IfIndex, base::MacAddress>;  // parent and MAC

  Effect apply_link(const netlink::Link& link);
  Effect remove_link(base::IfIndex index);
  Effect apply_address(const netlink::Address& address);
  Effect remove_address(const netlink::Address& address);
  void enter(const netlink::Link& link);  // into the indices below
  void leave(const netlink::Link& link);
  void let_go(const base::IpAddress& address);

  std::map<base::IfIndex, Interface> interfaces_;
  std::map<std::string, base::IfIndex, std::less<>> by_name_;
  std::map<MacvlanKey, std::set<base::IfIndex>> macvlans_;
  std::map<base::IpAddress, std::size_t> holders_;
  std::map<base::IfIndex, MacvlanKey> keys_;  // in macvlans_
  std::map<std::string, base::IfIndex, std::less<>> by_altname_;
  std::set<base::IfIndex> plain_macvlans_;  // with other MAC addresses: they may be parents
  // The same by what stands for them in the names of their macvlans.
  std::multimap<std::string, base::IfIndex, std::less<>> parents_by_word_;
};

// What the core wants to know of interface `name` for one virtual router (R4, R5): its macvlan is ready when it is up
// (a Master's), or held down by protodown, which is the last step of making one; primary IPv4 address = the first that
// is not secondary; IPv6: the first usable link-local one, not tentative and not a duplicate.
core::InterfaceStatus status_of(const InterfaceTable& table, std::string_view name, core::Vrid vrid,
                                core::Family family);

// Whether interface `name` is in this VRF: "default", the name of a VRF device, or "" for whichever. False if there is
// no such interface.
bool is_in_vrf(const InterfaceTable& table, std::string_view name, std::string_view vrf);

// Whether it is a macvlan with the MAC address of a virtual router, made here or by another program.
bool is_of_a_virtual_router(const netlink::Link& link);

// Which interface has which address.
using Holders = std::set<std::pair<std::string, base::IpAddress>>;
// Adds what this one has of the addresses, unless it is the macvlan of a virtual router.
void add_holder(const Interface& interface, const std::set<base::IpAddress>& addresses, Holders& holders);

}  // namespace tandem::vrrpd::io
