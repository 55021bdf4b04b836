// SPDX-License-Identifier: Apache-2.0
// Limits of recordings, each with its reason.
#pragma once

#include <cstddef>
#include <cstdint>

#include "lib/base/time.h"

namespace tandem::vrrpd::recording {

// Text that the protocol's thread collects before it passes it on to be written: about 300 events.
inline constexpr std::size_t kChunkSize = std::size_t{32} * 1024;

// The most time that text waits before it is passed on: younger text may be lost when the daemon dies, and a recording
// is read after a failure.
inline constexpr base::Duration kLongestDelay = std::chrono::seconds(1);

// Text that was passed on and is not yet written. It bounds the memory when the disk is slower than the network.
inline constexpr std::size_t kMaxBacklog = std::size_t{16} * 1024 * 1024;

// A recording ends by itself when its file has this size: half an hour of 3 000 adverts a second, and not the whole
// disk.
inline constexpr std::uint64_t kMaxFileSize = 1024ULL * 1024 * 1024;

// Times and durations in a file that is read, in microseconds: 2 centuries. Sums of a few of them do not overflow.
inline constexpr std::int64_t kMaxMicroseconds = 1LL << 52;

}  // namespace tandem::vrrpd::recording
