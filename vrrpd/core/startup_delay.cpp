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
#include <algorithm>

#include "vrrpd/core/router.h"

namespace tandem::vrrpd::core {

// Of a Backup, after anything that the end of the delay depends on. The end itself is advance_backup()'s.
void Router::refresh_startup_delay(TimePoint now, Actions& actions) {
  if (!saved_.startup.holds && now < startup_delay_end()) {
    saved_.startup.holds = true;
    actions.push_back({id_, HeldBack{true}});
  }
}

void Router::end_startup_delay(TimePoint now, Actions& actions) {
  saved_.startup.holds = false;
  actions.push_back({id_, HeldBack{false}});
  if (owner_ && (!saved_.master || saved_.master->priority < packet::kPriorityOwner)) {
    enter_master(Cause::owner, saved_.master, now, actions);
    return;
  }
  if (!saved_.startup.heard) {
    saved_.backup.set_at = std::max(saved_.backup.set_at, startup_delay_end());
  }
}

}  // namespace tandem::vrrpd::core
