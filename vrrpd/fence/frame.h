// SPDX-License-Identifier: Apache-2.0
// The part of the memory shared by supervisor and worker that vrrpd's fence reads: for each virtual router the frames
// with priority 0, and the macvlans that other programs have made.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "lib/supervisor/shared.h"

namespace tandem::vrrpd::fence {

inline constexpr std::size_t kFrameSize = 1536 - 16;  // an Ethernet frame, 255 IPv4 or 90 IPv6 addresses
inline constexpr std::size_t kFramesPerRouter = 2;    // version 3 and 2 (`vrrp N also-version-2`)

// An Ethernet frame with priority 0. The worker writes it in place; the fence does not send an incomplete frame.
struct Frame {
  std::atomic<std::uint32_t> interface;  // index of the parent; 0: no frame
  std::uint32_t size;
  std::uint64_t check;
  std::array<std::byte, kFrameSize> bytes;
};

// The sizes of this version, for supervisor::Shared::open().
supervisor::MemoryLayout memory_layout();

// Precondition: number < shared.slots() * kFramesPerRouter.
inline Frame& frame(const supervisor::Shared& shared, std::size_t number) {
  return *reinterpret_cast<Frame*>(shared.fence_record(number).data());
}

// Indices of macvlans that are in use but not in one of the link groups; 0: none.
inline auto& foreign_macvlans(const supervisor::Shared& shared) { return shared.header().fence_words; }

}  // namespace tandem::vrrpd::fence
