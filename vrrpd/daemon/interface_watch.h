// SPDX-License-Identifier: Apache-2.0
// What the protocol is told of a virtual router's interface: the kernel's reports, corrected by what the kernel has done
// and refused for this router, and the start of its startup delay (decision 0039). Used on the protocol's thread.
#pragma once

#include "vrrpd/daemon/link_times.h"
#include "vrrpd/daemon/runtime_context.h"
#include "vrrpd/daemon/unserved.h"

namespace tandem::vrrpd::daemon {

// Whether the macvlan counts as ready.
struct Readiness {
  bool reported = false;  // by the kernel
  bool before = false;    // as the engine was told last; false for a new router
  bool is_master = false;
  bool out_of_election = false;  // Unserved: it was Master and had no address
};
// A pure decision. While the kernel is at work on the macvlan, what the engine was told last goes on to count: a macvlan
// that another program has damaged, and that is healed at once, is no event for the protocol.
bool is_ready(const Readiness& readiness, const io::Outcome& outcome);

class InterfaceWatch {
 public:
  // `changed`: whether this router may be Master has changed; called from the loop.
  InterfaceWatch(RuntimeContext& context, Unserved::Changed changed);

  // The status of the router's interface, except for whether its adverts can be heard.
  core::InterfaceStatus status_of(core::RouterId id) const;
  // The same without what concerns its macvlan.
  core::InterfaceStatus status_in(const config::RouterKey& key, std::string_view vrf) const;

  // A Master's outcome: none of its addresses, or some.
  void judge_service(core::RouterId id, base::TimePoint now);
  // What the kernel refused the router may be possible now, or the router has been removed.
  void pardon(core::RouterId id) { unserved_.pardon(id); }
  std::string reason_out(core::RouterId id) const { return unserved_.reason(id); }

  // Of each interface that has changed, before status_of().
  void follow_links(const io::DeviceChanges& changes, base::TimePoint now);
  // What the former worker knew of the interfaces of these routers, before they go on.
  void recall_links(std::span<const config::Change> added, base::TimePoint now);
  checkpoint::LinkUp link_of(const std::string& name) const;
  base::TimePoint counts_from(const config::RouterKey& key, const config::StartupDelay& delay) const;

 private:
  RuntimeContext& context_;
  Unserved unserved_;
  LinkTimes link_times_;
  const base::TimePoint booted_;
};

}  // namespace tandem::vrrpd::daemon
