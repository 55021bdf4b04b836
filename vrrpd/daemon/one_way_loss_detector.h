// SPDX-License-Identifier: Apache-2.0
// Detects that multicast is lost in one direction between two routers of a group: both stay Master, because the one of
// lower priority does not hear the other. This router has the higher priority: it hears adverts that lose against its
// own, and answers each; the peer goes on (RFC 9568 §6.4.3 has no remedy). Used on the protocol's thread.
#pragma once

#include <map>

#include "lib/base/time.h"
#include "vrrpd/core/types.h"

namespace tandem::vrrpd::daemon {

class OneWayLossDetector {
 public:
  // A Master has heard an advert of lower priority from a peer that sends one every `interval`. Returns true at the third
  // such advert in a row and at each later one: a peer that hears this router stops after the first.
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
