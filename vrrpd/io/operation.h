// SPDX-License-Identifier: Apache-2.0
// What can be done to the kernel for virtual routers, as values; and what has to be remembered of what was done.
//
// The states of a macvlan (design.md §5, doc/decisions/0001): always in mode `bridge` (in another mode the kernel would
// keep the peers' adverts, whose source is the same MAC address, from the parent). A Master's is up and has addresses.
// Deaf and mute without them: IPv4 by rp_filter and arp_ignore, IPv6 by disable_ipv6. Some time later it is set down,
// in the background (lowering.h), and stays down until the next claim; protodown keeps it without carrier if another program sets
// it up.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lib/netlink/encode.h"
#include "vrrpd/io/interfaces.h"
#include "vrrpd/io/settings.h"

namespace tandem::vrrpd::io {

// The link groups (IFLA_GROUP) by which our macvlans are known, also after a crash.
struct LinkGroups {
  std::uint32_t live;
  std::uint32_t graveyard;  // they only wait for their deletion
  std::uint32_t dying;      // they are being deleted
  bool contains(std::uint32_t group) const { return group == live || group == graveyard || group == dying; }
};
LinkGroups link_groups(std::string_view instance);
bool is_tandem_group(std::uint32_t group);         // of whatever instance
std::uint32_t live_group_of(std::uint32_t group);  // of the same instance

// "vrrp4-eth1-5" (family, parent, VRID): the same on every machine and after every boot (decision 0036). Where that is
// longer than the kernel's 15 characters, "v4-enp129s0f0-5"; where that is, too, a checksum of the parent's name in
// hexadecimal: "v4-1a2b3c4d-5".
std::string device_name(std::string_view parent, core::Vrid vrid, core::Family family);

// What a macvlan is called instead while another one of ours, on another parent, has that name, as after two interfaces
// have exchanged theirs: "vrrp4-3-5", with the index of the parent.
std::string device_name_by_index(base::IfIndex parent, core::Vrid vrid, core::Family family);

// What may stand for the parent in these names, and what does in one: "eth1" in "vrrp4-eth1-5".
std::vector<std::string> words_for_parent(std::string_view name, base::IfIndex index);
std::string_view word_for_parent(std::string_view device);  // empty: it is no such name

// A macvlan that another program made, as it was before we took it over.
struct Original {
  std::string name;
  netlink::MacvlanMode mode;
  netlink::AdminState state;
  std::vector<base::IpPrefix> addresses;

  bool operator==(const Original&) const = default;
};

// How long an address stays on a macvlan unless it is renewed, so that it goes by itself when the daemon is gone; 0:
// for ever.
using Lease = std::chrono::seconds;

std::optional<std::chrono::seconds> lifetime_of(Lease lease);

// The operations, in the order in which those of one step are carried out.
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

struct Memory;

// The interface that an operation is about, kNoInterface if it has no index yet.
base::IfIndex device_of(const Operation& operation);

// What it takes the kernel, about (Linux 6.18; a macvlan is dearer the more there are).
std::chrono::microseconds cost_of(const Operation& operation);

// Makes a macvlan of ours, or prepares one: what can be done in the background, as long as no router uses it.
bool is_building(const Operation& operation, const Memory& memory);

// The netlink request that carries out the operation, or the first part of it; none: there is no message for it.
std::optional<netlink::Request> request_of(const Operation& operation);

// For operators, after "cannot": "create interface vrrp4-eth1-5", "add 10.0.0.1/32 to vrrp4-eth1-5".
std::string describe(const Operation& operation, const InterfaceTable& table);

// Whether an error says only that another program was faster: the notification of it is on its way.
bool was_overtaken(const Operation& operation, int error);

// Whether an address that comes or goes on the operation's interface may be the operation's doing.
bool changes_address(const Operation& operation, const netlink::Event& event);

// What was done and cannot be read back from an InterfaceTable.
// Names (of `-N`, or empty) by the link group of the instance's live macvlans.
using Instances = std::map<std::uint32_t, std::string>;

struct Memory {
  enum class Ipv6 { off, on };

  LinkGroups groups{};
  std::map<base::IfIndex, Ipv6> prepared;                          // macvlans in our hands
  std::map<base::IfIndex, Original> adopted;                       // those of them that are not ours
  std::set<base::IfIndex> guarded;                                 // parents, for IPv4
  std::set<base::IfIndex> left_guarded;                            // parents that a run which crashed did not restore
  std::set<base::IfIndex> guarded_ipv6 = {};                       // parents, for IPv6
  std::map<base::IfIndex, std::vector<Deviation>> deviating = {};  // macvlans in our hands, as last inspected

  Instances instances = {};                // that run in this network namespace
  std::set<std::uint32_t> abandoned = {};  // live groups of instances that have ended and left macvlans

  void note(const Operation& done);
  void forget(base::IfIndex index);  // the interface is gone
  bool is_buried(const netlink::Link& link) const {
    return link.group == groups.graveyard || link.group == groups.dying;
  }
  bool is_ours(const netlink::Link& link) const { return link.group == groups.live || is_buried(link); }
};

// At the start: macvlans of ours that a former run has prepared are not prepared again, which would take IPv6 addresses
// off. None comes up or is held down before it is prepared; of those that are up it is known whether IPv6 is on if they
// have an address only.
void recognise_prepared(const InterfaceTable& table, Memory& memory);

// Enters into the table what an operation that has succeeded has changed. The notification of it, which comes later,
// then says nothing new. (Who created a macvlan has to wait for it: it tells the index.)
void note(const Operation& done, InterfaceTable& table);

}  // namespace tandem::vrrpd::io
