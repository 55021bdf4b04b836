// SPDX-License-Identifier: Apache-2.0
// The limits of this folder, with their reasons.
#pragma once

#include <chrono>
#include <cstddef>

namespace tandem::os {

// Bytes of lines that wait for a slow log, for each destination: about 10 000 lines, enough for a disk that is busy for
// a second while packets are debugged. A larger limit would only delay the drops.
inline constexpr std::size_t kMaxLogBacklog = 1U << 20U;

// How long a log may take to write its last lines when it is closed or its process ends. A log that hangs must not hold
// up the end of the process.
inline constexpr std::chrono::milliseconds kLastLines{500};

}  // namespace tandem::os
