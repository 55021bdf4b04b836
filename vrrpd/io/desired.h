// SPDX-License-Identifier: Apache-2.0
// What virtual routers want of the kernel, what becomes of it, and what is new: plain values.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "lib/base/ids.h"
#include "lib/base/ip.h"
#include "vrrpd/core/types.h"

namespace tandem::vrrpd::io {

inline constexpr core::RouterId kNoRouter{0};

// What one virtual router wants of the kernel.
struct DesiredDevice {
  std::string interface;  // parent, by name: it need not exist
  core::Vrid vrid;
  core::Family family;
  bool claimed = false;                   // Master: the kernel owns the addresses
  std::vector<base::IpPrefix> addresses;  // host prefixes unless configured otherwise
  // What to do without a macvlan. A followed one is another program's: none is made in its place, and the addresses
  // that others put on it or take off it count as those that it had.
  enum class Macvlan { made, followed };
  Macvlan macvlan = Macvlan::made;
  std::size_t advert_size = 0;  // of the IP packet that advertises them: the parent has to take it in one piece

  bool operator==(const DesiredDevice&) const = default;
};

// What has become of it. Every router that wants something is settled after a bounded time: as soon as each request has
// been answered, whatever the answer. It is pending again while a new wish or another program's change is attended to.
struct Outcome {
  enum class State {
    pending,
    in_place,   // the kernel has everything: macvlan up and prepared, and of a Master every address
    no_parent,  // waits for the interface; that is no failure
    refused,    // some of it or all, for `reason`; tried again now and then, and when interfaces change
  };
  State state = State::pending;
  std::string reason{};  // "cannot create interface vrrp4-eth1-5: File exists"; pending: what it waits for, if known
  bool lasting = false;  // refused, and it cannot serve: it has to leave the election
  // Refused: a Master's macvlan has none of its addresses, or a Backup's could have none. Its adverts would promise
  // what it does not do.
  bool serves_none = false;

  bool settled() const { return state != State::pending; }
  bool operator==(const Outcome&) const = default;
};

// What is new since the last time.
struct DeviceChanges {
  bool all_interfaces = false;       // notifications were lost: anything may have changed
  std::set<std::string> interfaces;  // by name, and former name; not our own macvlans
  std::set<core::RouterId> routers;  // settled, with whatever outcome
  bool foreign_macvlans = false;     // some came, went, or have other addresses
  // A link-local address went: if IPv6 ended there, the kernel has forgotten which groups were joined, also when IPv6
  // has begun again since. Always among `interfaces`, too.
  std::set<base::IfIndex> ipv6_disturbed;

  bool empty() const { return !all_interfaces && interfaces.empty() && routers.empty() && !foreign_macvlans; }
};

}  // namespace tandem::vrrpd::io
