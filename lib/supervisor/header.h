// SPDX-License-Identifier: Apache-2.0
// The first area of the shared memory (shared.h): the heartbeats of the worker, and what the supervisor says about the workers before.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "lib/supervisor/cell.h"
#include "lib/supervisor/limits.h"
#include "lib/supervisor/types.h"

namespace tandem::supervisor {

// Another version reads it: new fields at the end only, zero means what was before they were there.
struct Header {
  // ---- written by the worker
  std::atomic<Phase> phase;
  std::atomic<std::uint32_t> ready;                // the configuration has been applied
  std::atomic<std::int64_t> heartbeat;             // when the last one was sent; microseconds of CLOCK_MONOTONIC
  std::atomic<std::int64_t> heartbeat_timeout;     // how long there may be none; microseconds
  std::atomic<std::int64_t> management_heartbeat;  // the same of management's thread
  std::atomic<std::int32_t> management_thread;     // its thread id
  std::array<std::atomic<std::uint32_t>, kFenceWords> fence_words;  // for the daemon's fence
  std::atomic<std::uint32_t> slots_used;                            // slots with higher numbers were never written

  // ---- written by the supervisor
  std::atomic<std::uint32_t> workers;  // started so far, by this and former supervisors
  std::atomic<std::uint32_t> fenced;   // the last worker was fenced: the next one must not go on from its slots
  std::atomic<std::uint32_t> fences;   // how often that happened
  Cell<End> last_end;
};

Observation observe(const Header& header);

}  // namespace tandem::supervisor
