// SPDX-License-Identifier: Apache-2.0
// Macvlans with a virtual router MAC address that another program made: what `vrrp autoconfigure` makes groups of.
#pragma once

#include <string>
#include <vector>

#include "vrrpd/io/interfaces.h"
#include "vrrpd/io/kernel_state.h"

namespace tandem::vrrpd::io {

struct ForeignMacvlan {
  base::IfIndex index;  // another one if it was deleted and made anew
  std::string name;
  std::string parent;  // its name
  core::Vrid vrid;
  core::Family family;
  // Of that family, without link-local ones. Of one that is in our hands those that it had and gets back, whatever is
  // on it now.
  std::vector<base::IpPrefix> addresses;

  bool operator==(const ForeignMacvlan&) const = default;
};

// Sorted by index. Of several with the same address on one parent the one that a virtual router would use.
std::vector<ForeignMacvlan> foreign_macvlans(const InterfaceTable& table, const KernelState& kernel_state);

// Whether it is a macvlan with a virtual router MAC address that neither this nor another instance of ours made.
bool is_foreign_macvlan(const netlink::Link& link);

}  // namespace tandem::vrrpd::io
