// SPDX-License-Identifier: Apache-2.0
// Every limit that is not specific to one protocol, with its reason. A daemon's own limits stand in its core/limits.h.
#pragma once

#include <chrono>
#include <cstddef>

namespace tandem::base {

// A configuration file in memory: 4 000 groups with descriptions are below 2 MiB.
inline constexpr std::size_t kMaxConfigFileSize = 16U << 20U;

// A command line typed or read from a file.
inline constexpr std::size_t kMaxLineLength = 4096;

}  // namespace tandem::base
