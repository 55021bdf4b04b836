// SPDX-License-Identifier: Apache-2.0
// The limits of this folder, with their reasons. A record or a configuration that exceeds one is damaged, or comes from
// a version with higher limits: the decoder refuses it. The ranges of the model (yang/) are narrower. These limits keep
// the arithmetic of the protocol core within its types, and each deadline within reach.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>

#include "lib/base/time.h"

namespace tandem::vrrpd::checkpoint {

// A point of time, from the boot or from 1970: 2^53 microseconds are 285 years.
inline constexpr base::Duration kLatest{std::int64_t{1} << 53};
// An advertisement interval: version 2 has 8 bits of seconds (RFC 3768 section 5.3.7).
inline constexpr std::chrono::seconds kLongestInterval{255};
// Any other duration: the preempt delay, the startup delay, the lease of virtual addresses.
inline constexpr std::chrono::hours kLongestDelay{24};
// Interval and lifetime of router advertisements: a lifetime has 16 bits of seconds (RFC 4861 section 4.2).
inline constexpr std::chrono::seconds kLongestRouterAdvertisement{std::numeric_limits<std::uint16_t>::max()};

}  // namespace tandem::vrrpd::checkpoint
