// SPDX-License-Identifier: Apache-2.0
// What can be done to the kernel for virtual routers, as values.
//
// The states of a macvlan (doc/decisions/0001): in mode `bridge`, or `vepa` if the parent is itself a macvlan
// (in another mode the kernel would keep the peers' adverts, whose source is the same MAC address, from the parent). A Master's is up and has addresses.
// Deaf and mute without them: IPv4 by rp_filter and arp_ignore, IPv6 by disable_ipv6. Some time later it is set down,
// in the background (lowering.h), and stays down until the next claim; protodown keeps it without carrier if another program sets
// it up.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lib/netlink/encode.h"
#include "vrrpd/io/interfaces.h"
#include "vrrpd/io/original.h"
#include "vrrpd/io/settings.h"

namespace tandem::vrrpd::io {

// How long an address stays on a macvlan unless it is renewed, so that it goes by itself when the daemon is gone; 0:
// for ever.
using Lease = std::chrono::seconds;

std::optional<std::chrono::seconds> lifetime_of(Lease lease);

// The operations. Those of one step are executed in the order of the alternatives of `Operation`.

// Takes over a macvlan of another program.
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
  Original original;
};
struct SetGroup {
  base::IfIndex index;
  std::uint32_t group;
};
// IPv4: arp_ignore, arp_announce, accept_local; IPv6: accept_untracked_na
struct GuardParent {
  base::IfIndex index;
  core::Family family;
};
struct ReleaseParent {
  base::IfIndex index;
};
struct CreateDevice {
  netlink::NewMacvlan macvlan;
};
// The kernel lowers it with that of the parent and does not raise it again. Below 1280 it ends IPv6 on the interface.
struct SetMtu {
  base::IfIndex index;
  std::uint32_t mtu;
};
// deaf, before it first comes up
struct PrepareDevice {
  base::IfIndex index;
  core::Family family;
};
// what something else has written since, or to its parent
struct HealSettings {
  base::IfIndex index;
  std::vector<Deviation> deviations;
};
// the one that its parent is in, or none; takes IPv6 addresses off
struct SetVrf {
  base::IfIndex index;
  base::IfIndex vrf;
};
struct SetMode {
  base::IfIndex index;
  netlink::MacvlanMode mode;
};
struct SetProtodown {
  base::IfIndex index;
  netlink::Protodown protodown;
};
struct SetLinkUp {
  base::IfIndex index;
};
// takes the kernel 16 ms with RTNL held
struct SetLinkDown {
  base::IfIndex index;
};
struct EnableIpv6 {
  base::IfIndex index;
};
// or renew it
struct AddAddress {
  base::IfIndex index;
  base::IpPrefix prefix;
  Lease lease;
};
using Operation = std::variant<AdoptDevice, DisableIpv6, RemoveAddress, ReturnDevice, SetGroup, GuardParent,
                               ReleaseParent, CreateDevice, SetMtu, PrepareDevice, HealSettings, SetVrf, SetMode,
                               SetProtodown, SetLinkUp, EnableIpv6, AddAddress, SetLinkDown>;

// The interface that an operation is about, kNoInterface if it has no index yet.
base::IfIndex device_of(const Operation& operation);

// What it takes the kernel, about (Linux 6.18; a macvlan is dearer the more there are).
std::chrono::microseconds cost_of(const Operation& operation);

// For operators, after "cannot": "create interface vrrp4-eth1-5", "add 10.0.0.1/32 to vrrp4-eth1-5".
std::string describe(const Operation& operation, const InterfaceTable& table);

// Whether an error says only that another program was faster: the notification of it is on its way.
bool was_overtaken(const Operation& operation, int error);

// Whether an address that comes or goes on the operation's interface may be the operation's doing.
bool changes_address(const Operation& operation, const netlink::Event& event);

// Enters into the table what an operation that has succeeded has changed. The notification of it, which comes later,
// then says nothing new. (Who created a macvlan has to wait for it: it tells the index.)
void note(const Operation& done, InterfaceTable& table);

}  // namespace tandem::vrrpd::io
