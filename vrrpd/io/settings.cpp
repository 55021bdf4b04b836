// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/settings.h"

#include <algorithm>
#include <array>

namespace tandem::vrrpd::io {
namespace {

// A new macvlan has the values of `default`, and others may write to it at any time.
constexpr std::array<Setting, 7> kCommon{
    {{"ipv4/rp_filter", 2},   // loose; without an address everything is dropped
     {"ipv4/arp_ignore", 1},  // answer for addresses of this interface only
     {"ipv4/arp_filter", 0},  // whatever interface the route to the host has: it is the parent
     {"ipv4/proxy_arp", 0},   // never for other hosts' addresses under the virtual MAC address
     {"ipv4/proxy_arp_pvlan", 0},
     {"ipv4/medium_id", -1},       // nor if proxy_arp of all interfaces is 1
     {"ipv6/addr_gen_mode", 1}}};  // none: a virtual MAC makes no interface identifier (R91)
constexpr std::array<Setting, 8> kIpv6{
    {{"ipv6/accept_ra", 0},
     {"ipv6/router_solicitations", 0},
     {"ipv6/autoconf", 0},
     {"ipv6/accept_dad", 0},
     {"ipv6/forwarding", 1},  // neighbour advertisements carry the Router flag (R54)
     {"ipv6/ndisc_notify", 0},
     {"ipv6/proxy_ndp", 0},
     {"ipv6/keep_addr_on_down", -1}}};  // or switching IPv6 off would leave addresses without a lease
constexpr std::array<std::string_view, 8> kInherited{
    {"ipv4/forwarding", "ipv4/accept_source_route", "ipv4/accept_redirects", "ipv4/secure_redirects",
     "ipv4/send_redirects", "ipv4/route_localnet", "ipv4/src_valid_mark", "ipv4/bc_forwarding"}};

// arp_ignore: the parent does not answer for addresses on the macvlan (R52). arp_announce: our own queries never claim
// a virtual address with the real MAC address (R85). accept_local: the owner of the addresses advertises from one of
// them; a Master for it, whose macvlan carries the same address, would otherwise never hear that the owner is back.
constexpr std::array<Setting, 3> kParent{{{"ipv4/arp_ignore", 1}, {"ipv4/arp_announce", 2}, {"ipv4/accept_local", 1}}};
// What hosts advertise unasked is in the cache already when this router becomes their Master (R93). Linux 5.19;
// missing: it stays as it is. The value for all interfaces has no effect.
constexpr std::array<Setting, 1> kParentIpv6{{{"ipv6/accept_untracked_na", 1}}};

constexpr std::string_view kArpFilter = "ipv4/arp_filter";
constexpr std::string_view kArpIgnore = "ipv4/arp_ignore";
constexpr int kSameNetworkOnly = 2;  // of arp_ignore: the macvlan's address has no network, its length is 32
constexpr int kNever = 8;

int of_all(const ValuesOfAll& all, std::string_view key) {
  const auto found = all.find(key);
  return found == all.end() ? 0 : found->second;
}

template <class Settings>
void compare(const Settings& wanted, const netlink::LinkSettings& has, std::vector<Deviation>& deviations) {
  for (const Setting& setting : wanted) {
    const auto value = netlink::value_of(has, setting.key);
    if (value && *value != setting.value) {
      deviations.push_back({setting.key, *value, setting.value});
    }
  }
}

}  // namespace

std::vector<Setting> common_settings() { return {kCommon.begin(), kCommon.end()}; }
std::vector<Setting> ipv6_settings() { return {kIpv6.begin(), kIpv6.end()}; }

std::vector<Setting> parent_settings(core::Family family) {
  return family == core::Family::ipv4 ? std::vector<Setting>{kParent.begin(), kParent.end()}
                                      : std::vector<Setting>{kParentIpv6.begin(), kParentIpv6.end()};
}

std::vector<Deviation> deviations_of_macvlan(core::Family family, const netlink::LinkSettings& macvlan,
                                             const netlink::LinkSettings& parent) {
  std::vector<Deviation> deviations;
  compare(kCommon, macvlan, deviations);
  if (family == core::Family::ipv6) {
    compare(kIpv6, macvlan, deviations);
  }
  for (const std::string_view key : kInherited) {
    const auto has = netlink::value_of(macvlan, key);
    const auto wanted = netlink::value_of(parent, key);
    if (has && wanted && *has != *wanted) {
      deviations.push_back({key, *has, *wanted});
    }
  }
  return deviations;
}

bool is_inherited(std::string_view key) {
  return std::find(kInherited.begin(), kInherited.end(), key) != kInherited.end();
}

std::vector<Deviation> deviations_of_parent(core::Family family, const netlink::LinkSettings& parent,
                                            const ValuesOfAll& all) {
  std::vector<Deviation> deviations;
  for (const Setting& setting : parent_settings(family)) {
    const auto value = netlink::value_of(parent, setting.key);
    if (value && std::max(*value, of_all(all, setting.key)) < setting.value) {
      deviations.push_back({setting.key, *value, setting.value});
    }
  }
  return deviations;
}

std::string obstacle_of_all(const ValuesOfAll& all) {
  if (of_all(all, kArpFilter) != 0) {
    return fmt::format(
        "arp_filter of all interfaces is {}: the kernel does not answer ARP requests for virtual "
        "addresses, because its route to the hosts is that of the interface, not of the macvlan",
        of_all(all, kArpFilter));
  }
  const int ignore = of_all(all, kArpIgnore);
  if (ignore == kSameNetworkOnly || ignore == kNever) {
    return fmt::format(
        "arp_ignore of all interfaces is {}: the kernel does not answer ARP requests for virtual "
        "addresses; with 1 it does, and for each address on its own interface only",
        ignore);
  }
  return {};
}

std::vector<std::string_view> keys_of_all() {
  return {kArpFilter, kArpIgnore, "ipv4/arp_announce", "ipv4/accept_local"};
}

}  // namespace tandem::vrrpd::io
