// SPDX-License-Identifier: Apache-2.0
// Time as an argument. Clock has no now(): pure code cannot ask what time it is, it is told. The daemon's event
// loop (lib/event) and the tests make time points.
#pragma once

#include <chrono>
#include <cstdint>

namespace tandem::base {

using Duration = std::chrono::microseconds;

// Monotonic; its epoch is CLOCK_MONOTONIC's in the daemon and zero in tests.
struct Clock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<Clock, duration>;
  static constexpr bool is_steady = true;
};

using TimePoint = Clock::time_point;
using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

// The unit of VRRPv3's Max Advertise Interval (RFC 9568 §5.2.7) and of YANG's leaf.
using Centiseconds = std::chrono::duration<std::int64_t, std::centi>;

}  // namespace tandem::base
