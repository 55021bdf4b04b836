// SPDX-License-Identifier: Apache-2.0
// The limits of this folder, with their reasons.
#pragma once

#include <chrono>
#include <cstddef>

namespace tandem::os {

// Lines that wait for a slow log, in bytes, for each destination: some 10 000 lines, which outlast a disk that is busy
// for a second while packets are debugged. More would only postpone that lines are dropped.
inline constexpr std::size_t kMaxLogBacklog = 1U << 20U;

// When a log is closed or its process ends, the last lines have so long to be written. A log that hangs must not keep
// the process.
inline constexpr std::chrono::milliseconds kLastLines{500};

}  // namespace tandem::os
