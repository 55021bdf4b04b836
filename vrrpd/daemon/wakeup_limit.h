// SPDX-License-Identifier: Apache-2.0
// Limits how often the protocol's thread wakes up for timers. A thousand Masters whose adverts are spread over the
// interval would wake it ten thousand times a second, and each wake-up costs as much processor time as an advert. A few
// wake-ups are always free, so timers are exact unless they come thick; then each is at most kWakeupInterval late, and
// one wake-up serves all that became due meanwhile.
//
// A pure value: time is an argument. Used on the protocol's thread.
#pragma once

#include <algorithm>

#include "lib/base/time.h"
#include "vrrpd/daemon/limits.h"

namespace tandem::vrrpd::daemon {

class WakeupLimit {
 public:
  // The loop has woken up for a timer at `now`.
  void woken(base::TimePoint now) {
    filled_ = std::min<base::TimePoint>(std::max(filled_, now) + kWakeupInterval, now + kWakeupBurst * kWakeupInterval);
  }
  // When to wake up for `deadline`: at the deadline, or later if the allowance is used up. At most kWakeupInterval
  // after the last wake-up.
  base::TimePoint wake_at(base::TimePoint deadline) const {
    return std::max<base::TimePoint>(deadline, filled_ - (kWakeupBurst - 1) * kWakeupInterval);
  }

 private:
  base::TimePoint filled_{};  // when the whole allowance is available again
};

}  // namespace tandem::vrrpd::daemon
