// SPDX-License-Identifier: Apache-2.0
// What is known of the kernel besides its interfaces and addresses.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "vrrpd/io/interfaces.h"
#include "vrrpd/io/names.h"
#include "vrrpd/io/operation.h"
#include "vrrpd/io/original.h"
#include "vrrpd/io/settings.h"

namespace tandem::vrrpd::io {

// What was done and cannot be read back from an InterfaceTable.
struct KernelState {
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
  // The interfaces with something to restore, or in our hands, that the table does not have (any more).
  std::set<base::IfIndex> gone_from(const InterfaceTable& table) const;
  bool awaits_deletion(const netlink::Link& link) const {
    return link.group == groups.pending_deletion || link.group == groups.deleting;
  }
  bool is_ours(const netlink::Link& link) const { return link.group == groups.live || awaits_deletion(link); }
  // Whether it is in our hands: ours, or adopted.
  bool holds(const netlink::Link& link) const { return is_ours(link) || adopted.contains(link.index); }
  // Whether sysctls of this parent have to be restored.
  bool is_guarded(base::IfIndex parent) const {
    return guarded.contains(parent) || guarded_ipv6.contains(parent) || left_guarded.contains(parent);
  }
};

// At the start: macvlans of ours that a former run has prepared are not prepared again, which would take IPv6 addresses
// off. None comes up or is held down before it is prepared; of those that are up it is known whether IPv6 is on if they
// have an address only.
void recognise_prepared(const InterfaceTable& table, KernelState& kernel_state);

// Makes a macvlan of ours, or prepares one: what can be done in the background, as long as no router uses it.
bool is_building(const Operation& operation, const KernelState& kernel_state);

}  // namespace tandem::vrrpd::io
