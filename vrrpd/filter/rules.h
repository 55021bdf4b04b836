// SPDX-License-Identifier: Apache-2.0
// What the packet filter has to do for a configuration, as values. Two things cannot be had from addresses and sysctls
// alone: a Master that answers ARP and neighbour discovery for an address but accepts nothing that is sent to it
// (accept-mode off, R58, nor forwards it: R90), and an owner whose interface has a virtual address but leaves it to the
// macvlan to answer for it (R52, R54). No rule depends on who is Master: a Backup has no virtual address that a packet
// could be for.
#pragma once

#include <compare>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "vrrpd/config/plan.h"

namespace tandem::vrrpd::filter {

// No packet to the address is accepted, save from this machine itself and but for neighbour discovery (R59).
struct Deaf {
  base::IpAddress address;
  std::string interface;  // only what arrives there; empty: wherever it arrives
  auto operator<=>(const Deaf&) const = default;
};

// The interface answers no ARP request or neighbour solicitation for the address.
struct Mute {
  base::IpAddress address;
  std::string interface;
  auto operator<=>(const Mute&) const = default;
};

struct Rules {
  std::set<Deaf> deaf;
  std::set<Mute> mute;

  bool empty() const { return deaf.empty() && mute.empty(); }
  bool operator==(const Rules&) const = default;
};

// What either asks for.
Rules united(Rules one, const Rules& other);

// What has to be known of the machine besides the configuration.
struct Surroundings {
  std::set<std::pair<std::string, base::IpAddress>> held;  // virtual addresses that real interfaces have too
  std::map<config::RouterKey, std::string> devices;        // the macvlans of some routers, also those still to be made
  std::set<config::RouterKey> refused;                     // by the kernel: they are never Master
};

// An owner accepts whatever its accept-mode (RFC 9568 §6.4.3). Where another interface accepts the same address, and
// for a link-local one, only what arrives at the group's interface or macvlan is dropped.
Rules rules_of(const config::Config& config, const Surroundings& surroundings);

}  // namespace tandem::vrrpd::filter
