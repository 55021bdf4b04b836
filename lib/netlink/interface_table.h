// SPDX-License-Identifier: Apache-2.0
// The interfaces of this network namespace as the kernel last reported them: a value that is updated from decoded
// netlink messages.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/ids.h"
#include "lib/base/ip.h"
#include "lib/netlink/messages.h"

namespace tandem::netlink {

// An interface with the addresses on it, in the kernel's order.
struct Interface {
  Link link;
  std::vector<Address> addresses;
};

class InterfaceTable {
 public:
  // Returns whether the event changed the table; `lifetime`: nothing but that of an address.
  enum class Effect { nothing, lifetime, changed };
  Effect apply(const Event& event);

  // nullptr: there is none.
  const Interface* find(base::IfIndex index) const;
  const Interface* find(std::string_view name) const;
  const Interface* find_by_altname(std::string_view name) const;
  // How many interfaces have this address.
  std::size_t holders(const base::IpAddress& address) const;
  const std::map<base::IfIndex, Interface>& all() const { return interfaces_; }

 private:
  Effect apply_link(const Link& link);
  Effect remove_link(base::IfIndex index);
  Effect apply_address(const Address& address);
  Effect remove_address(const Address& address);
  void add_names(const Link& link);
  void remove_names(const Link& link);
  void remove_holder(const base::IpAddress& address);

  std::map<base::IfIndex, Interface> interfaces_;
  std::map<std::string, base::IfIndex, std::less<>> by_name_;
  std::map<std::string, base::IfIndex, std::less<>> by_altname_;
  std::map<base::IpAddress, std::size_t> holders_;
};

// Whether interface `name` is in this VRF: "default", the name of a VRF device, or "" for any. False if there is no such
// interface.
bool is_in_vrf(const InterfaceTable& table, std::string_view name, std::string_view vrf);

}  // namespace tandem::netlink
