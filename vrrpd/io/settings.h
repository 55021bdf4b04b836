// SPDX-License-Identifier: Apache-2.0
// The sysctls of interfaces that decide what a virtual router answers and accepts: what a macvlan has to have, what it
// takes over from its parent, what the parent has to have, and how that differs from what the kernel has. Pure
// functions. The reasons: doc/decisions/0031.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/netlink/encode.h"
#include "lib/netlink/settings.h"
#include "vrrpd/core/types.h"

namespace tandem::vrrpd::io {

using Setting = netlink::Setting;

struct Deviation {
  std::string_view key;
  std::int32_t found;
  std::int32_t wanted;
  bool operator==(const Deviation&) const = default;
};

// What net.<family>.conf.all has, by key.
using ValuesOfAll = std::map<std::string_view, int>;

// What a macvlan has to have besides disable_ipv6, which goes by the router's state: for both families (one netlink
// message sets these), and for IPv6 only.
std::vector<Setting> common_settings();
std::vector<Setting> ipv6_settings();
// What a parent has to have, for its own value or that for all interfaces: the kernel takes the larger one.
std::vector<Setting> parent_settings(core::Family family);

// A packet to the virtual MAC address is treated as one to the parent is: what `inherited_keys()` are about.
std::vector<Deviation> deviations_of_macvlan(core::Family family, const netlink::LinkSettings& macvlan,
                                             const netlink::LinkSettings& parent);
bool is_inherited(std::string_view key);
std::vector<Deviation> deviations_of_parent(core::Family family, const netlink::LinkSettings& parent,
                                            const ValuesOfAll& all);

// What no setting of one interface can make good: the kernel does not answer ARP requests for virtual addresses. Empty:
// there is nothing of the kind.
std::string obstacle_of_all(const ValuesOfAll& all);
std::vector<std::string_view> keys_of_all();  // that the functions above ask for

}  // namespace tandem::vrrpd::io
