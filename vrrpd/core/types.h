// SPDX-License-Identifier: Apache-2.0
// Configuration and state of a virtual router. One virtual router = one VRID, one family, one interface; the IPv4 and
// IPv6 routers of a group are independent machines that share configuration.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "lib/base/fields.h"
#include "lib/base/time.h"
#include "vrrpd/packet/advertisement.h"

namespace tandem::vrrpd::core {

using base::Duration;
using base::Family;
using base::IpAddress;
using base::TimePoint;
using packet::Version;
using packet::Vrid;

// A handle that the engine's owner chooses; stable for the life of a virtual router.
enum class RouterId : std::uint32_t {};

enum class State : std::uint8_t { initialize, backup, master };
std::string_view to_string(State state);  // "Initialize", "Backup", "Master"

// Which form of the v3-over-IPv4 checksum is accepted and sent (R13).
enum class ChecksumMode : std::uint8_t {
  automatic,     // accept both; send the form last heard, pseudo-header until one is heard
  pseudoheader,  // RFC 5798 as implementations read it
  message_only,  // RFC 9568
};

// Immutable and shared: an action may outlive the configuration that it was made from (doc/decisions/0004).
using AddressList = std::shared_ptr<const std::vector<IpAddress>>;

// The configuration that the two virtual routers of a group share. Defaults are in yang/. A field that has a default
// here may be absent from recordings and checkpoints of earlier versions.
struct GroupConfig {
  Vrid vrid;
  Version version;
  bool also_version_2 = false;  // of version 3 over IPv4: coexistence.cpp
  std::uint8_t priority;        // configured, 1 to 254; the owner's 255 is derived
  Duration advertisement_interval;
  bool preempt;
  Duration preempt_delay;
  ChecksumMode checksum;
  bool shutdown;
  Duration startup_delay = {};  // from InterfaceStatus::counts_from on: startup_delay.cpp; zero: off

  bool operator==(const GroupConfig&) const = default;
};
// Numbers in the checkpoint; config::Group has further ones.
constexpr auto describe(base::Type<GroupConfig>) {
  using C = GroupConfig;
  return base::fields<C>(base::field(1, "vrid", &C::vrid), base::field(2, "version", &C::version),
                         base::field(3, "version2", &C::also_version_2), base::field(4, "priority", &C::priority),
                         base::field(5, "interval", &C::advertisement_interval), base::field(6, "preempt", &C::preempt),
                         base::field(7, "delay", &C::preempt_delay), base::field(9, "checksum", &C::checksum),
                         base::field(10, "shutdown", &C::shutdown),
                         base::field(17, "startup-delay", &C::startup_delay).later().in_seconds());
}

struct RouterConfig : GroupConfig {
  Family family;
  AddressList addresses;  // in the order advertised (R15, R16); never null

  bool operator==(const RouterConfig& other) const;  // compares the addresses, not the pointers
};
constexpr auto describe(base::Type<RouterConfig>) {
  return base::fields<RouterConfig>(base::inherited<GroupConfig>(), base::field(0, "family", &RouterConfig::family),
                                    base::field(0, "addresses", &RouterConfig::addresses));
}

// The status of the interface of a virtual router, and of its macvlan, for one family.
struct InterfaceStatus {
  bool present = false;    // an interface of the configured name exists
  bool other_vrf = false;  // in another VRF than the configured one: the other fields then do not matter
  bool up = false;         // administratively up and with carrier
  // the macvlan with the virtual MAC address exists, in the form that a Master or a Backup needs
  bool device_ready = false;
  std::optional<IpAddress> primary;  // source of adverts: primary IPv4 or link-local IPv6 address (R4, R5)
  // all addresses of the family on the interface itself; a virtual address among them makes the owner
  std::vector<IpAddress> addresses;
  TimePoint counts_from{};  // start of the startup delay: the start of vrrpd, the last link-up, or the boot

  bool operator==(const InterfaceStatus&) const = default;
};
constexpr auto describe(base::Type<InterfaceStatus>) {
  using S = InterfaceStatus;
  return base::fields<S>(base::field(0, "present", &S::present), base::field(0, "other-vrf", &S::other_vrf),
                         base::field(0, "up", &S::up), base::field(0, "ready", &S::device_ready),
                         base::field(0, "primary", &S::primary), base::field(0, "own", &S::addresses),
                         base::field(0, "counts-from", &S::counts_from).later());
}

// Why a virtual router is in Initialize.
enum class InitializeReason : std::uint8_t {
  none,  // not in Initialize
  shutdown,
  stopping,  // the daemon
  removed,   // from the configuration
  no_interface,
  interface_down,
  no_primary_address,
  no_virtual_addresses,
  no_device,
  other_vrf,
};

// Why a transition happened.
enum class Cause : std::uint8_t {
  startup,                        // Initialize → Backup
  owner,                          // → Master: the virtual address is the interface's own (RFC 9568 §6.4.1)
  master_down,                    // Backup → Master: nothing heard for Master_Down_Interval
  master_released,                // Backup → Master: the Master sent priority 0; Skew_Time passed
  preempting,                     // Backup → Master: adverts of lower priority did not stop the timer
  preempt_delay_over,             // Backup → Master: the preempt delay ended
  higher_priority,                // Master → Backup
  equal_priority_higher_address,  // Master → Backup
  initialize,                     // → Initialize: see the InitializeReason
  reconfigured,                   // → Initialize: a change that needs a new start (version)
};

struct Transition {
  State from;
  State to;
  Cause cause;
  InitializeReason initialize_reason = InitializeReason::none;
  std::optional<IpAddress> peer{};  // the router whose advert (or silence) caused it, if known
  std::uint8_t peer_priority = 0;
};

// "higher priority advertisement received", "master down interval expired" …; names no object.
std::string_view to_string(Cause cause);
// "interface {} is down" … with the name of the interface filled in.
std::string describe(InitializeReason reason, std::string_view interface_name);

// Counted by the virtual router itself. The receiver counts packets that are dropped before their virtual router is
// known.
struct Statistics {
  std::uint64_t advertisements_sent = 0;
  std::uint64_t advertisements_received = 0;  // valid ones
  std::uint64_t priority_zero_sent = 0;
  std::uint64_t priority_zero_received = 0;
  std::uint64_t transitions = 0;
  std::uint64_t announcements_sent = 0;       // gratuitous ARP or neighbour advertisements, one per address
  std::uint64_t message_only_received = 0;    // v3/IPv4 checksum forms heard
  std::uint64_t interval_mismatches = 0;      // v3: logged, never dropped (R31)
  std::uint64_t address_list_mismatches = 0;  // v3: logged, never dropped (R32)
  std::uint64_t owner_conflicts = 0;          // we are the owner and another sends 255 (R24, R103)
  packet::DropCounters drops;

  bool operator==(const Statistics&) const = default;
};
constexpr auto describe(base::Type<Statistics>) {
  using S = Statistics;
  return base::fields<S>(base::field(1, "advertisements-sent", &S::advertisements_sent),
                         base::field(2, "advertisements-received", &S::advertisements_received),
                         base::field(3, "priority-zero-sent", &S::priority_zero_sent),
                         base::field(4, "priority-zero-received", &S::priority_zero_received),
                         base::field(5, "transitions", &S::transitions),
                         base::field(6, "announcements-sent", &S::announcements_sent),
                         base::field(7, "message-only-received", &S::message_only_received),
                         base::field(8, "interval-mismatches", &S::interval_mismatches),
                         base::field(9, "address-list-mismatches", &S::address_list_mismatches),
                         base::field(10, "owner-conflicts", &S::owner_conflicts), base::field(11, "drops", &S::drops));
}

// The Master whose adverts a Backup follows.
struct MasterInfo {
  IpAddress address;
  std::uint8_t priority;
  Duration advertisement_interval;

  bool operator==(const MasterInfo&) const = default;
};
constexpr auto describe(base::Type<MasterInfo>) {
  return base::fields<MasterInfo>(base::field(1, "address", &MasterInfo::address),
                                  base::field(2, "priority", &MasterInfo::priority),
                                  base::field(3, "interval", &MasterInfo::advertisement_interval));
}

}  // namespace tandem::vrrpd::core

template <>
struct tandem::base::Blank<tandem::vrrpd::core::AddressList> {
  static vrrpd::core::AddressList make() { return std::make_shared<const std::vector<IpAddress>>(); }
};
