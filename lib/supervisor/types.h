// SPDX-License-Identifier: Apache-2.0
// What the supervisor knows of a worker, as plain values. Times are microseconds of CLOCK_MONOTONIC unless they say
// otherwise.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace tandem::supervisor {

using Time = std::int64_t;
inline constexpr Time kNever = std::numeric_limits<Time>::max();

// What the worker is doing.
enum class Phase : std::uint32_t {
  starting,  // has no loop yet that could send heartbeats
  running,
  stopping,  // releases what it has; sends no heartbeats either
};

// Why a worker was replaced. The numbers are in the shared memory: never reuse one.
enum class Cause : std::uint32_t {
  none,
  exited,
  killed,
  hung,
  lost,  // its supervisor ended too, and did not see how the worker ended
  management_hung,
};

struct End {
  Cause cause;
  std::int32_t number;     // exit status, signal, or milliseconds without a heartbeat
  std::int64_t wall_time;  // microseconds since 1970
  std::int32_t pid;
  std::uint32_t fenced;  // 1: the fence has taken it off the network (fence.h)
};
// "process 5 killed by signal 9 (Killed)", "process 5 gave no sign of life for 200 ms".
std::string to_string(const End& end);

// What the worker has written into the shared memory (Header). A faulty worker may have written any value.
struct Observation {
  Phase phase = Phase::starting;
  bool fenced = false;
  Time heartbeat = 0;          // of the protocol's thread
  Time heartbeat_timeout = 0;  // how long that thread may go without one
  Time management_heartbeat = 0;
};

}  // namespace tandem::supervisor
