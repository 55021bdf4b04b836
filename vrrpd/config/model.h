// SPDX-License-Identifier: Apache-2.0
// The configuration as one value: what the validated YANG tree says, with every default resolved. Made by from_yang.h,
// compared by plan.h.
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

// What the Master of the IPv6 virtual router tells hosts (RFC 4861 §6.2.1).
struct RouterAdvertisement {
  std::chrono::seconds interval;  // MaxRtrAdvInterval
  std::chrono::seconds lifetime;
  bool managed;
  bool other;
  bool operator==(const RouterAdvertisement&) const = default;
};

// `vrrp startup-delay`: the same for all groups.
struct StartupDelay {
  std::chrono::seconds delay{0};  // 0: off
  bool after_boot = false;        // counted from the boot of the machine, else from start and link-up
  bool operator==(const StartupDelay&) const = default;
};

// Addresses in the order advertised: IPv6 link-local first, then ascending (R15, R16). For IPv6 the link-local address
// is generated from the VRID if none is configured (fe80::5e00:2VV, VV = VRID in hex), the same on every router. Host
// prefixes unless a length is configured; link-local ones /64, so that the router can answer hosts that use them.
struct Group {
  core::Vrid vrid;
  core::Version version;
  bool also_version_2 = false;
  std::uint8_t priority;
  core::Duration advertisement_interval;
  bool preempt;
  core::Duration preempt_delay;
  bool accept_mode;
  core::ChecksumMode checksum;
  bool shutdown;
  std::string description;
  std::vector<base::IpPrefix> ipv4;
  std::vector<base::IpPrefix> ipv6;
  std::optional<RouterAdvertisement> router_advertisement = {};  // none: hosts are not told
  std::string vrf = {};  // of its interface, in which alone it runs; empty: whichever it is in
  // Follows from macvlans that exist (`vrrp autoconfigure`).
  bool autoconfigured = false;
  StartupDelay startup_delay = {};

  const std::vector<base::IpPrefix>& addresses(core::Family family) const {
    return family == core::Family::ipv4 ? ipv4 : ipv6;
  }
  bool operator==(const Group&) const = default;
};

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
  // `vrrp autoconfigure`: what each group of macvlans that exist is like, but for its VRID and addresses.
  std::optional<Group> autoconfigure;
  std::chrono::seconds address_lease{0};  // 0: virtual addresses do not expire
  std::map<std::string, Interface> interfaces;
  bool operator==(const Config&) const = default;
};

}  // namespace tandem::vrrpd::config
