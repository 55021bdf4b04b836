// SPDX-License-Identifier: Apache-2.0
// Since when the link of each interface is up, for the startup delay (doc/decisions/0039).
#pragma once

#include <map>

#include "lib/base/time.h"
#include "lib/netlink/messages.h"
#include "vrrpd/checkpoint/codec.h"

namespace tandem::vrrpd::daemon {

class LinkTimes {
 public:
  // The link as it is now. A link that is seen for the first time counts from now: vrrpd has just started, or the
  // interface has just come.
  void look(const netlink::Link& link, base::TimePoint now);
  void forget(base::IfIndex interface) { links_.erase(interface); }

  // This worker replaces another one: links that are up count as up for long, unless recall() says otherwise.
  void resume();
  // What the former worker knew of the interface. It counts unless the link has come up since.
  void recall(base::IfIndex interface, const checkpoint::LinkUp& known, base::TimePoint now);

  // Of a link that is down, or is not known: `since` is 0.
  checkpoint::LinkUp of(base::IfIndex interface) const;

 private:
  struct Entry {
    bool up = false;
    checkpoint::LinkUp link{};
  };
  std::map<base::IfIndex, Entry> links_;
};

}  // namespace tandem::vrrpd::daemon
