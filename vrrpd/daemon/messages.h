// SPDX-License-Identifier: Apache-2.0
// What the daemon logs. {} at the beginning is the virtual router: "vrrp 5 on eth1 (IPv4)".
#pragma once

#include "lib/log/log.h"

namespace tandem::vrrpd::daemon {

using log::Level;
using log::Message;

inline constexpr Message kStarted{"VRRP-001", Level::notifications, "vrrpd {} started, {} groups from {}", ""};
inline constexpr Message kTransition{"VRRP-003", Level::notifications, "{}: {} -> {}: {}{}", ""};
inline constexpr Message kStandsStill{"VRRP-095", Level::warnings, "{}: Initialize: {}",
                                      "It takes part as soon as the reason has gone."};
inline constexpr Message kHeldBack{
    "VRRP-108", Level::notifications,
    "{}: the startup delay holds it back for {} s: it does not preempt, and takes over only from a Master that it has "
    "heard",
    "See `vrrp startup-delay`; `show vrrp detail` says how much is left."};
inline constexpr Message kStartupDelayOver{"VRRP-109", Level::notifications, "{}: the startup delay is over", ""};
inline constexpr Message kTransitionsSummedUp{
    "VRRP-040", Level::warnings, "{}: {} more transitions in the last {} s, now {}",
    "The mastership flaps: `show vrrp history` has the reasons. Is the advertisement interval too short for the load?"};
inline constexpr Message kPacketDropped{
    "VRRP-004", Level::warnings, "{}: packet from {} dropped: {}{}",
    "Compare the configuration of the two routers; see the counters in `show vrrp json`."};
inline constexpr Message kIntervalMismatch{
    "VRRP-005", Level::warnings, "{}: {} advertises an interval of {} ms, another one is configured here{}",
    "A Backup follows the Master's interval; configure the same on all routers."};
inline constexpr Message kAddressListMismatch{"VRRP-006", Level::warnings,
                                              "{}: {} advertises other addresses than those configured here: {}{}",
                                              "Configure the same virtual addresses on all routers of the group."};
inline constexpr Message kOwnerConflict{"VRRP-007", Level::warnings,
                                        "{}: {} also claims to own the virtual address (priority 255){}",
                                        "Only one router's interface may have the virtual address."};
inline constexpr Message kEqualPriority{
    "VRRP-008", Level::informational, "{}: {} has the same priority as this router{}",
    "Give the routers of a group different priorities, so that the Master is predictable."};
inline constexpr Message kChecksumForm{"VRRP-009", Level::informational,
                                       "{}: follows {} in the form of the IPv4 checksum{}",
                                       "Pin the form with `vrrp N checksum-with-ipv4-pseudoheader` or its `no` form."};
inline constexpr Message kNoVersion2{
    "VRRP-022", Level::notifications, "{}: {} sends version 3 but no version 2{}",
    "Set `vrrp N also-version-2` on it too while routers of version 2 are on the LAN, or remove it from this one."};
inline constexpr Message kTroublesLeftOut{
    "VRRP-060", Level::warnings, "{} more messages about packets were left out in the last {} s: {}",
    "Many senders at once, or made up ones: `show vrrp json` counts what was dropped, by reason."};
inline constexpr Message kAuthenticated{
    "VRRP-061", Level::warnings,
    "interface {}: {} sends VRRP with an authentication header (IP protocol 51, AH), which is not understood here{}",
    "Remove the authentication on it (keepalived: the block `authentication` with `auth_type AH`)."};
inline constexpr Message kAlone{
    "VRRP-062", Level::notifications,
    "{}: Master without having heard another router. If there is one, it may be Master, too: look for a hypervisor or "
    "switch that drops frames from the virtual MAC address {} (forged transmits, MAC filter, port security){}",
    "See doc/troubleshooting.md."};
inline constexpr Message kDebugSent{"VRRP-010", Level::debugging, "{}: sent advertisement, priority {}", ""};
inline constexpr Message kDebugReceived{"VRRP-011", Level::debugging,
                                        "{}: received advertisement from {}, priority {}, interval {} cs", ""};
inline constexpr Message kDebugAnnounced{"VRRP-012", Level::debugging, "{}: announced {}", ""};
inline constexpr Message kDebugTimers{"VRRP-017", Level::debugging,
                                      "{}: priority {}, skew time {} us, master down interval {} us", ""};
inline constexpr Message kDebugInterface{"VRRP-018", Level::debugging,
                                         "{}: interface {}, {}, primary address {}, macvlan {}", ""};
inline constexpr Message kDebugPlanned{"VRRP-019", Level::debugging, "configuration: {} {}", ""};
inline constexpr Message kDebugListening{"VRRP-020", Level::debugging, "listens on {} (index {}, {})", ""};
inline constexpr Message kDebugMacvlan{"VRRP-026", Level::debugging,
                                       "autoconfiguration: macvlan {} on {} is vrrp {} ({}), {} addresses", ""};
inline constexpr Message kLeftOut{"VRRP-027", Level::warnings, "not autoconfigured: {}",
                                  "Correct the addresses of the macvlan, or configure the group."};
inline constexpr Message kForwardingOff{
    "VRRP-013", Level::warnings,
    "{} forwarding is off on this machine: as Master it would answer for the gateway and drop the packets",
    "Set net.ipv4.ip_forward=1 or net.ipv6.conf.all.forwarding=1."};
inline constexpr Message kUnserved{"VRRP-090", Level::errors,
                                   "{}: Master without any of its addresses: stays out of the election for {} s: {}",
                                   "Adverts of a Master that does not answer would keep other routers from taking "
                                   "over. vrrpd tries earlier when "
                                   "its interface or its configuration changes."};
inline constexpr Message kUnanswered{
    "VRRP-104", Level::warnings, "{}: {}{}",
    "It stays Master: hosts that know the virtual MAC address already go on reaching it. See doc/troubleshooting.md."};
inline constexpr Message kAnsweredAgain{"VRRP-105", Level::notifications,
                                        "{}: the kernel answers for all of its addresses again{}", ""};
inline constexpr Message kAnotherStation{"VRRP-106", Level::warnings, "{}: {}{}",
                                         "Hosts reach the one or the other. See doc/troubleshooting.md."};
inline constexpr Message kAnotherStationGone{"VRRP-107", Level::notifications,
                                             "{}: no other station answers for its addresses any more{}", ""};

inline constexpr Message kNotFiltered{
    "VRRP-041", Level::warnings, "{}: an owner of virtual addresses answers for them with its own MAC address too",
    "Load the kernel's nf_tables; it needs Linux 5.12 and the families inet and arp."};
inline constexpr Message kAcceptModeStaysOn{
    "VRRP-042", Level::errors, "{}; packets to its addresses are accepted",
    "Load the kernel's nf_tables (Linux 5.12 or later), then change the group."};
inline constexpr Message kFiltered{"VRRP-043", Level::notifications, "the packet filter is loaded now", ""};
inline constexpr Message kNotHeard{
    "VRRP-046", Level::errors, "{}: {} stays Master with priority {} though this router advertises {}: two Masters{}",
    "It does not hear this router: look for multicast that is lost on the way there (IGMP snooping, storm control, a "
    "packet filter)."};
inline constexpr Message kWorkerReplaced{
    "VRRP-045", Level::errors, "the worker before this one, {}; its virtual routers {}",
    "The lines before may say why, or a core file with --core-dumps; please report it."};
inline constexpr Message kStartedAgain{
    "VRRP-050", Level::errors,
    "vrrpd had ended without cleaning up; its virtual routers go on where their neighbours cannot have noticed",
    "The logs of the service manager and the kernel may have the reason."};

inline constexpr Message kNotSaved{
    "VRRP-047", Level::warnings,
    "no memory for what the next worker would need: after a crash the virtual routers begin anew, with the last commit",
    "The PID file's directory is full: free memory there, then commit again."};

inline constexpr Message kRecordingEnded{"VRRP-024", Level::warnings, "the recording to {} has ended: {}",
                                         "The file can be replayed up to that point."};
inline constexpr Message kLogNotRestored{"VRRP-021", Level::errors, "after a refused transaction: {}",
                                         "Correct the `log` commands."};

}  // namespace tandem::vrrpd::daemon
