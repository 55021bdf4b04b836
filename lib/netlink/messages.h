// SPDX-License-Identifier: Apache-2.0
// What the kernel reports by rtnetlink, decoded: plain values. Decoding is a pure function over bytes (decode.h).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lib/base/ids.h"
#include "lib/base/ip.h"
#include "lib/base/mac.h"

namespace tandem::netlink {

enum class MacvlanMode { private_, vepa, bridge, passthru, source };

struct Macvlan {
  MacvlanMode mode;
  bool operator==(const Macvlan&) const = default;
};

// What a link is a port of, but for a VRF: of kind "bridge", "bond", "team" …
struct Port {
  base::IfIndex device = base::kNoInterface;
  std::string kind;
  bool operator==(const Port&) const = default;
};

struct Link {
  base::IfIndex index = base::kNoInterface;
  std::string name;
  std::vector<std::string> altnames{};  // IFLA_ALT_IFNAME: other names that `ip link` takes for it
  base::MacAddress mac;
  bool admin_up = false;   // IFF_UP
  bool running = false;    // IFF_RUNNING: operational, carrier included
  bool ethernet = false;   // ARPHRD_ETHER
  bool arp = true;         // not IFF_NOARP
  bool protodown = false;  // held without carrier (IFLA_PROTO_DOWN): it sends nothing, also if it is up
  std::uint32_t mtu = 0;
  std::uint32_t group = 0;                    // IFLA_GROUP
  std::uint32_t carrier_ups = 0;              // IFLA_CARRIER_UP_COUNT: how often the carrier has come
  base::IfIndex parent = base::kNoInterface;  // IFLA_LINK
  base::IfIndex vrf = base::kNoInterface;     // the VRF device that it is a port of
  std::optional<Port> port{};
  std::optional<Macvlan> macvlan;

  bool operator==(const Link&) const = default;
};

struct Address {
  base::IfIndex interface = base::kNoInterface;
  base::IpPrefix prefix;                           // the local address (IFA_LOCAL) and the length
  bool secondary = false;                          // IFA_F_SECONDARY (IPv4)
  bool tentative = false;                          // IPv6 duplicate address detection still running
  bool duplicate = false;                          // IPv6 duplicate address detection failed
  std::optional<std::chrono::seconds> lifetime{};  // what was left of it when it was reported; none: it stays

  bool operator==(const Address&) const = default;
};

struct LinkChanged {
  Link link;
};
struct LinkRemoved {
  base::IfIndex index;
};
struct AddressAdded {
  Address address;
};
struct AddressRemoved {
  Address address;
};
using Event = std::variant<LinkChanged, LinkRemoved, AddressAdded, AddressRemoved>;

}  // namespace tandem::netlink
