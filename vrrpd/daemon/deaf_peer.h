// SPDX-License-Identifier: Apache-2.0
// Sees that two routers of a group stay Master because one of them does not hear the other: multicast is lost in one
// direction. The better one, which we are, hears adverts that lose, and answers, and they go on (RFC 9568 §6.4.3: there
// is nothing else to do about it). The other one hears nothing and cannot know.
#pragma once

#include <map>

#include "lib/base/time.h"
#include "vrrpd/core/types.h"

namespace tandem::vrrpd::daemon {

class DeafPeer {
 public:
  // A Master has heard an advert that loses, of a peer that advertises every `interval`. True if that is the third in a
  // row, or a later one: a peer that hears us stops at the first.
  bool lost(core::RouterId id, base::Duration interval, base::TimePoint now);
  void forget(core::RouterId id) { rows_.erase(id); }

 private:
  struct Row {
    base::TimePoint last;
    int count;
  };
  std::map<core::RouterId, Row> rows_;
};

}  // namespace tandem::vrrpd::daemon
