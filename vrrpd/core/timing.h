// SPDX-License-Identifier: Apache-2.0
// The timers of RFC 9568 §6.1 and RFC 3768 §6.1, exact in microseconds.
#pragma once

#include "vrrpd/core/types.h"

namespace tandem::vrrpd::core {

// v3: (256 - priority) × interval / 256 (R70). v2: (256 - priority) / 256 seconds; the interval does not matter (R71).
Duration skew_time(Version version, std::uint8_t priority, Duration interval);

// 3 × interval + Skew_Time (R72).
Duration master_down_interval(Version version, std::uint8_t priority, Duration interval);

}  // namespace tandem::vrrpd::core
