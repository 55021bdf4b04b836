// SPDX-License-Identifier: Apache-2.0
// How much of what a daemon wants in the shared memory (shared.h).
#pragma once

#include <cstddef>

namespace tandem::supervisor {

// The sizes that a daemon wants. Another version may have others. Only memory that is used is taken from the system.
struct MemoryLayout {
  std::size_t slots = 1;                   // as many as the daemon may have objects
  std::size_t slot_size = 1;               // bytes of the largest record
  std::size_t fence_records_per_slot = 0;  // what the fence needs to know of each object
  std::size_t fence_record_size = 0;       // bytes

  std::size_t fence_records() const { return slots * fence_records_per_slot; }
};

}  // namespace tandem::supervisor
