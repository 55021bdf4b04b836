// SPDX-License-Identifier: Apache-2.0
// The one file with these sizes: tests/upgrade compiles it again with other sizes, as another version.
#include "vrrpd/fence/frame.h"

namespace tandem::vrrpd::fence {
namespace {

constexpr std::size_t kSlots = 12'000;  // the most virtual routers that vrrpd allows (vrrpd/core/limits.h)
constexpr std::size_t kSlotSize = 768;  // a record of vrrpd/checkpoint: 200 to 450 bytes

}  // namespace

supervisor::MemoryLayout memory_layout() {
  return {.slots = kSlots,
          .slot_size = kSlotSize,
          .fence_records_per_slot = kFramesPerRouter,
          .fence_record_size = sizeof(Frame)};
}

}  // namespace tandem::vrrpd::fence
