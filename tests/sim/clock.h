// SPDX-License-Identifier: Apache-2.0
// The clock of one machine. Each clock starts at another moment and runs a little faster or slower. Time in the
// simulation is true time; a router sees only its machine's clock.
#pragma once

#include <algorithm>

#include "lib/base/time.h"

namespace tandem::sim {

using base::Duration;
using base::TimePoint;

class LocalClock {
 public:
  // `rate` is how much the clock gains, in millionths; within ±200 000.
  LocalClock(Duration offset, std::int64_t rate) : offset_(offset), rate_(rate) {}

  TimePoint local(TimePoint truth) const {
    const std::int64_t elapsed = truth.time_since_epoch().count();
    return TimePoint(offset_ + Duration(elapsed + elapsed * rate_ / kMillion));
  }
  // Returns the first moment at which the clock shows `local`.
  TimePoint truth(TimePoint local) const {
    const std::int64_t shown = (local.time_since_epoch() - offset_).count();
    TimePoint guess{Duration(std::max<std::int64_t>(shown * kMillion / (kMillion + rate_), 0))};
    while (this->local(guess) < local) {
      guess += Duration(1);
    }
    while (guess > TimePoint{} && this->local(guess - Duration(1)) >= local) {
      guess -= Duration(1);
    }
    return guess;
  }

 private:
  static constexpr std::int64_t kMillion = 1'000'000;
  Duration offset_;
  std::int64_t rate_;
};

}  // namespace tandem::sim
