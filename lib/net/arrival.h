// SPDX-License-Identifier: Apache-2.0
// When a packet arrived, on the monotonic clock. The kernel stamps packets with the wall clock (SO_TIMESTAMPNS). A user
// may set that clock between the arrival and now: a fresh packet must not count as an old one then (X12).
#pragma once

#include <chrono>
#include <optional>

#include "lib/base/time.h"

namespace tandem::net {

class Arrival {
 public:
  using WallTime = std::chrono::nanoseconds;  // since 1970

  // Both clocks, read together, before a batch of packets is looked at.
  void set_now(base::TimePoint monotonic, WallTime wall) {
    const std::chrono::nanoseconds difference = wall - monotonic.time_since_epoch();
    clock_was_set_ = difference_ && std::chrono::abs(difference - *difference_) > kTolerance;
    difference_ = difference;
    monotonic_ = monotonic;
    wall_ = wall;
  }

  // Of a packet with that stamp. Now, if the stamp says nothing: there is none, the clock was set since the last batch,
  // or no packet waits that long unless the process was stopped, and then it is unknown what else it has missed.
  base::TimePoint of(std::optional<WallTime> stamp) const {
    const WallTime age = stamp ? wall_ - *stamp : WallTime::zero();
    const bool sane = !clock_was_set_ && age > WallTime::zero() && age <= kMaxAge;
    return sane ? monotonic_ - std::chrono::duration_cast<base::Duration>(age) : monotonic_;
  }

 private:
  static constexpr std::chrono::seconds kMaxAge{1};
  static constexpr std::chrono::milliseconds kTolerance{1};  // a clock that is slewed runs 0.5 ms faster in a second

  base::TimePoint monotonic_{};
  WallTime wall_{};
  std::optional<std::chrono::nanoseconds> difference_;
  bool clock_was_set_ = false;
};

}  // namespace tandem::net
