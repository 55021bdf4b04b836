// SPDX-License-Identifier: Apache-2.0
// Compares what is wanted of the kernel with what the kernel reports and says what to do: a pure function. Applying the
// operations and comparing again yields no operations. A macvlan that is not there yet takes two rounds: it is created
// in the first, and set up in the second, when its index is known.
//
// The states of a macvlan (design.md §5, doc/decisions/): always up and in mode `bridge` (in another mode the kernel
// would keep the peers' adverts, whose source is the same MAC address, from the parent). Deaf and mute without
// addresses: IPv4 by rp_filter and arp_ignore, IPv6 by disable_ipv6. Live with them.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lib/netlink/encode.h"
#include "vrrpd/io/devices.h"
#include "vrrpd/io/interfaces.h"

namespace tandem::vrrpd::io {

// The link groups (IFLA_GROUP) by which our macvlans are known, also after a crash: the second is of those that only
// wait for their deletion.
struct LinkGroups {
  std::uint32_t live;
  std::uint32_t graveyard;
};
LinkGroups link_groups(std::string_view instance);

// "vrrp4-3-5" (family, parent index, VRID); where that is longer than the kernel's 15 characters both numbers in
// hexadecimal: "v4-1a2b3c4-05".
std::string device_name(base::IfIndex parent, core::Vrid vrid, core::Family family);

// A macvlan that somebody else made, as it was before we took it over.
struct Original {
  std::string name;
  netlink::MacvlanMode mode;
  netlink::AdminState state;
  std::vector<base::IpPrefix> addresses;

  bool operator==(const Original&) const = default;
};

// The operations, in the order in which they are carried out.
// a foreign one
struct AdoptDevice {
  base::IfIndex index;
  Original original;
};
// and with it all IPv6 addresses at once
struct DisableIpv6 {
  base::IfIndex index;
};
struct RemoveAddress {
  base::IfIndex index;
  base::IpPrefix prefix;
};
// as the original was, but down
struct ReturnDevice {
  base::IfIndex index;
};
struct SetGroup {
  base::IfIndex index;
  std::uint32_t group;
};
// arp_ignore, arp_announce, accept_local
struct GuardParent {
  base::IfIndex index;
};
struct ReleaseParent {
  base::IfIndex index;
};
struct CreateDevice {
  netlink::NewMacvlan macvlan;
};
// deaf, before it first comes up
struct PrepareDevice {
  base::IfIndex index;
  core::Family family;
};
struct SetMode {
  base::IfIndex index;
  netlink::MacvlanMode mode;
};
struct SetLinkUp {
  base::IfIndex index;
};
struct EnableIpv6 {
  base::IfIndex index;
};
struct AddAddress {
  base::IfIndex index;
  base::IpPrefix prefix;
};
// by a helper process: it takes long
struct EmptyGraveyard {};
using Operation =
    std::variant<AdoptDevice, DisableIpv6, RemoveAddress, ReturnDevice, SetGroup, GuardParent, ReleaseParent,
                 CreateDevice, PrepareDevice, SetMode, SetLinkUp, EnableIpv6, AddAddress, EmptyGraveyard>;

// What was done and cannot be read back from an InterfaceTable.
struct Memory {
  enum class Ipv6 { off, on };

  LinkGroups groups{};
  std::map<base::IfIndex, Ipv6> prepared;     // macvlans in our hands
  std::map<base::IfIndex, Original> adopted;  // those of them that are not ours
  std::set<base::IfIndex> guarded;            // parents
  std::set<base::IfIndex> left_guarded;       // parents that a run which crashed did not restore

  void note(const Operation& done);
  void forget(base::IfIndex index);  // the interface is gone
};

// What keeps a device from being created.
struct Problem {
  enum class Kind { name_taken, not_ethernet };
  Kind kind;
  std::string interface;
  core::Vrid vrid;
  std::string device;
};

struct Plan {
  std::vector<Operation> operations;
  std::vector<Problem> problems;
};

// For some routers; what nobody wants is left alone.
Plan plan_routers(std::span<const DesiredDevice* const> desired, const InterfaceTable& table, const Memory& memory);
// For all routers: also gives up what nobody wants any more, and cares for the parents.
Plan plan_all(std::span<const DesiredDevice* const> desired, const InterfaceTable& table, const Memory& memory);

}  // namespace tandem::vrrpd::io
