// SPDX-License-Identifier: Apache-2.0
// The log messages of this folder.
#pragma once

#include "lib/log/log.h"

namespace tandem::vrrpd::io {

using log::Level;
using log::Message;

inline constexpr Message kStateNotSaved{"IO-004", Level::warnings,
                                        "{}: after a crash the original settings of interfaces would not be restored",
                                        "Make the state directory writable."};
inline constexpr Message kRefused{"IO-005", Level::errors, "vrrp {} on {} ({}): {}",
                                  "Remove the cause that the message names; vrrpd tries again when interfaces change."};
inline constexpr Message kOperationFailed{
    "IO-007", Level::errors, "{}",
    "Remove the cause that the message names; vrrpd tries again when interfaces change."};
inline constexpr Message kCreated{"IO-008", Level::debugging, "macvlan {} created", ""};
inline constexpr Message kAdopted{"IO-009", Level::notifications,
                                  "macvlan {} exists already and is used; it is given back at exit", ""};
inline constexpr Message kReturned{"IO-010", Level::notifications, "macvlan {} given back as it was, but down", ""};
inline constexpr Message kOverrun{"IO-011", Level::warnings,
                                  "netlink notifications were lost: all interfaces are read again", ""};
inline constexpr Message kDumpFailed{"IO-012", Level::errors, "cannot read the interfaces of the kernel: {}", ""};
inline constexpr Message kDeletionFailed{"IO-013", Level::errors, "cannot delete macvlans that are no longer used: {}",
                                         "They have no address; delete them by hand with `ip link delete`."};
inline constexpr Message kListenFailed{
    "IO-014", Level::errors, "interface {}: cannot receive {} adverts: {}",
    "Remove the cause that the message names; vrrpd tries again when interfaces change."};
inline constexpr Message kReceiveFailed{"IO-015", Level::warnings, "interface {}: receiving {} adverts failed: {}", ""};
inline constexpr Message kSolicitationsUnheard{"IO-030", Level::warnings, "cannot hear router solicitations: {}",
                                               "Hosts get their router advertisements at the regular interval only."};

inline constexpr Message kObstacle{
    "IO-051", Level::warnings, "IPv4 virtual routers: sysctl {}",
    "The router stays Master: routed packets pass, and hosts that have the address already reach it."};
inline constexpr Message kObstacleGone{
    "IO-052", Level::notifications,
    "IPv4 virtual routers: no sysctl of all interfaces keeps the kernel from answering any more", ""};
inline constexpr Message kNotLowered{"IO-070", Level::warnings, "cannot set {} down: {}",
                                     "It stays up, without addresses: hosts on this machine cannot reach the Master."};

inline constexpr Message kNotRewritten{
    "IO-080", Level::warnings, "firewalls see what hosts send to virtual routers come in by the macvlans: nftables: {}",
    "The kernel has no nf_tables for netdev (CONFIG_NF_TABLES_NETDEV, CONFIG_NETFILTER_INGRESS, Linux 5.12) or refuses "
    "it. Reverse-path rules and rules for the interface then drop those packets: see firewall.md."};
inline constexpr Message kRewritten{"IO-081", Level::notifications,
                                    "firewalls see what hosts send to virtual routers come in by the interface again",
                                    ""};
inline constexpr Message kNotAsked{
    "IO-085", Level::warnings, "cannot test whether the kernel answers for virtual addresses: {}",
    "Virtual routers run as before; vrrpd does not notice a Master that hosts cannot reach."};
inline constexpr Message kAskedAgain{"IO-086", Level::notifications,
                                     "tests again whether the kernel answers for virtual addresses", ""};

inline constexpr Message kFlooded{
    "IO-040", Level::warnings, "interface {}: a flood of {} adverts: {}{}",
    "Find out who sends them: `tcpdump -e -i INTERFACE 'ip proto 112 or ip6 proto 112'`."};
inline constexpr Message kFilterRefused{"IO-041", Level::warnings, "interface {}: no filter against a flood: {}",
                                        "The kernel refuses a socket filter: is net.core.optmem_max very small?"};
inline constexpr Message kAuthenticatedUnheard{
    "IO-042", Level::warnings, "cannot hear neighbours that send VRRP with an authentication header: {}",
    "They are not named in the log; nothing else depends on it."};

}  // namespace tandem::vrrpd::io
