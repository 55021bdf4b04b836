// SPDX-License-Identifier: Apache-2.0
// The configuration as one value: the validated YANG tree with every default resolved. from_yang.h makes it, plan.h
// compares two of them.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/config/system.h"
#include "vrrpd/core/types.h"

namespace tandem::vrrpd::config {

// The router advertisements of the Master of the IPv6 virtual router (RFC 4861 §6.2.1).
struct RouterAdvertisement {
  std::chrono::seconds interval;  // MaxRtrAdvInterval
  std::chrono::seconds lifetime;
  bool managed;
  bool other;
  bool operator==(const RouterAdvertisement&) const = default;
};
constexpr auto describe(base::Type<RouterAdvertisement>) {
  using R = RouterAdvertisement;
  return base::fields<R>(base::field(1, "interval", &R::interval), base::field(2, "lifetime", &R::lifetime),
                         base::field(3, "managed", &R::managed), base::field(4, "other", &R::other));
}

// `vrrp startup-delay`: the same for all groups.
struct StartupDelay {
  core::Duration delay{};   // zero: off
  bool after_boot = false;  // counted from the boot of the machine, else from start and link-up
  bool operator==(const StartupDelay&) const = default;
};

// core::GroupConfig has the fields that the protocol uses; this struct adds those for the rest of vrrpd.
//
// Addresses are in the order advertised: IPv6 link-local first, then ascending (R15, R16). If no IPv6 link-local
// address is configured, one is generated from the VRID (fe80::5e00:2VV, VV = VRID in hex), the same on every router.
// Prefixes are host prefixes unless a length is configured. Link-local ones are /64, so that the router can answer
// hosts that use them.
struct Group : core::GroupConfig {
  bool accept_mode = true;
  std::string description = {};
  std::vector<base::IpPrefix> ipv4 = {};
  std::vector<base::IpPrefix> ipv6 = {};
  std::optional<RouterAdvertisement> router_advertisement = {};  // nullopt: the Master sends none
  std::string vrf = {};                                          // the only VRF in which the group runs; empty: any
  bool autoconfigured = false;                                   // made from macvlans that exist (`vrrp autoconfigure`)
  bool delay_after_boot = false;                                 // StartupDelay::after_boot

  const std::vector<base::IpPrefix>& addresses(core::Family family) const {
    return family == core::Family::ipv4 ? ipv4 : ipv6;
  }
  bool operator==(const Group&) const = default;
};
constexpr auto describe(base::Type<Group>) {
  return base::fields<Group>(
      base::inherited<core::GroupConfig>(), base::field(8, "accept-mode", &Group::accept_mode),
      base::field(11, "description", &Group::description), base::field(13, "ipv4", &Group::ipv4),
      base::field(14, "ipv6", &Group::ipv6), base::field(15, "router-advertisement", &Group::router_advertisement),
      base::field(12, "vrf", &Group::vrf), base::field(16, "autoconfigured", &Group::autoconfigured),
      base::field(18, "delay-after-boot", &Group::delay_after_boot));
}

inline StartupDelay startup_delay_of(const Group& group) { return {group.startup_delay, group.delay_after_boot}; }

struct Interface {
  std::string description;
  std::map<core::Vrid, Group> groups;
  bool operator==(const Interface&) const = default;
};

// Topics of `debug vrrp …`, named as in YANG.
enum class DebugTopic { protocol, autoconfigure, packets, sockets, ndisc, arp, kernel, config };
std::string_view to_string(DebugTopic topic);
std::optional<DebugTopic> parse_debug_topic(std::string_view name);
std::set<DebugTopic> all_debug_topics();

struct Config {
  tandem::config::System system;
  std::set<DebugTopic> debug;
  // `vrrp autoconfigure`: the settings of each group that is made from macvlans, except its VRID and addresses.
  std::optional<Group> autoconfigure;
  std::chrono::seconds address_lease{0};  // 0: virtual addresses do not expire
  std::map<std::string, Interface> interfaces;
  bool operator==(const Config&) const = default;
};

}  // namespace tandem::vrrpd::config
