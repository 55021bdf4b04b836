// SPDX-License-Identifier: Apache-2.0
// The limits of this folder, with their reasons. A record or a configuration that exceeds one is damaged, or of a
// version that has more than this one: the decoder refuses it. They are no ranges of the model (yang/), which are
// narrower: they keep the arithmetic of the protocol core within its types, and each deadline within reach.
#pragma once

#include <chrono>
#include <cstdint>

#include "lib/base/time.h"

namespace tandem::vrrpd::checkpoint {

// A point of time, from the boot or from 1970: 2^53 microseconds are 285 years.
inline constexpr base::Duration kLatest{std::int64_t{1} << 53};
// An advertisement interval: version 2 has 8 bits of seconds (RFC 3768 section 5.3.7).
inline constexpr std::chrono::seconds kLongestInterval{255};
// The preempt delay.
inline constexpr std::chrono::hours kLongestDelay{24};
// The startup delay.
inline constexpr std::chrono::seconds kLongestStartupDelay{std::chrono::hours(24)};
// The lease of virtual addresses.
inline constexpr std::chrono::seconds kLongestLease{std::chrono::hours(24)};

constexpr std::int64_t count_of(base::Duration limit) { return limit.count(); }

}  // namespace tandem::vrrpd::checkpoint
