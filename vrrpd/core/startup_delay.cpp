// SPDX-License-Identifier: Apache-2.0
// The startup delay (doc/decisions/0039): a Backup that does not preempt, and does not take silence for the absence of
// a Master. A switch port that has just got its link often receives nothing for seconds (spanning tree, 802.1X, LACP).
//
//   nothing heard since the link came up   the delay ends, then a Master_Down_Interval passes, then Master
//   an advert heard since then             the port forwards: priority 0 and the Master's silence count at once
//   an advert of lower priority            is followed until the delay ends, whatever preempt mode says
//   the owner of the addresses             likewise Backup; Master when the delay ends, unless it follows an owner
//   (R37)
//
// A Master is never held back: what it has it keeps.
#include "vrrpd/core/startup_delay.h"

#include <algorithm>

namespace tandem::vrrpd::core {

void refresh_startup_delay(RouterData& router, TimePoint now, Actions& actions) {
  if (!router.saved.startup.holds && now < router.startup_delay_end()) {
    router.saved.startup.holds = true;
    actions.push_back({router.id, HeldBack{true}});
  }
}

std::optional<Takeover> end_startup_delay(RouterData& router, Actions& actions) {
  router.saved.startup.holds = false;
  actions.push_back({router.id, HeldBack{false}});
  if (router.owner && (!router.saved.master || router.saved.master->priority < packet::kPriorityOwner)) {
    return Takeover{Cause::owner, router.saved.master};
  }
  if (!router.saved.startup.heard) {
    router.saved.backup.set_at = std::max(router.saved.backup.set_at, router.startup_delay_end());
  }
  return std::nullopt;
}

}  // namespace tandem::vrrpd::core
