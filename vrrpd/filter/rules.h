// SPDX-License-Identifier: Apache-2.0
// The rules of the packet filter that a configuration needs, as values. Addresses and sysctls cannot express two
// states: a Master that answers ARP and neighbour discovery for an address but neither accepts packets to it
// (accept-mode off, R58) nor forwards them (R90); and an owner whose interface has a virtual address while the macvlan
// answers for it (R52, R54). No rule depends on the state of a router: a Backup has no virtual address that could
// receive a packet.
#pragma once

#include <compare>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "vrrpd/config/plan.h"

namespace tandem::vrrpd::filter {

// Packets to the address are dropped, except those from this machine and those of neighbour discovery (R59).
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

// The rules of both.
Rules united(Rules one, const Rules& other);

// The state of the machine that the rules depend on besides the configuration.
struct MachineState {
  std::set<std::pair<std::string, base::IpAddress>> held;  // virtual addresses that real interfaces have too
  std::map<config::RouterKey, std::string> devices;        // the macvlans of some routers, including those not yet made
  std::set<config::RouterKey> refused;                     // by the kernel: these routers are never Master
};

// An owner accepts packets in either accept mode (RFC 9568 §6.4.3). Where another interface accepts the same address,
// and for a link-local address, the rule drops only what arrives at the group's interface or macvlan.
Rules rules_of(const config::Config& config, const MachineState& machine);

}  // namespace tandem::vrrpd::filter
