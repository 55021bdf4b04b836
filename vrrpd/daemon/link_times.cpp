// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/link_times.h"

#include <algorithm>

namespace tandem::vrrpd::daemon {

// A link that was down between two reports of the kernel is known by its count alone.
void LinkTimes::look(const netlink::Link& link, base::TimePoint now) {
  Entry& entry = links_[link.index];
  const bool up = link.admin_up && link.running;
  const bool came_up = up && (!entry.up || link.carrier_ups != entry.link.ups);
  entry.up = up;
  entry.link.ups = link.carrier_ups;
  if (!up) {
    entry.link.since = {};
  } else if (came_up) {
    entry.link.since = now;
  }
}

void LinkTimes::resume() {
  for (auto& [interface, entry] : links_) {
    entry.link.since = {};
  }
}

void LinkTimes::recall(base::IfIndex interface, const checkpoint::LinkUp& known, base::TimePoint now) {
  const auto found = links_.find(interface);
  if (found != links_.end() && found->second.up) {
    found->second.link.since = known.ups == found->second.link.ups ? std::min(known.since, now) : now;
  }
}

checkpoint::LinkUp LinkTimes::of(base::IfIndex interface) const {
  const auto found = links_.find(interface);
  return found == links_.end() ? checkpoint::LinkUp() : found->second.link;
}

}  // namespace tandem::vrrpd::daemon
