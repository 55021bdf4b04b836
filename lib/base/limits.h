// SPDX-License-Identifier: Apache-2.0
// Every limit that is not specific to one protocol, with its reason. A daemon's own limits stand in its core/limits.h.
#pragma once

#include <chrono>
#include <cstddef>

namespace tandem::base {

// One frame of the management protocol. A running configuration of 4 000 groups is about 1 MiB; larger output is
// streamed in pieces.
inline constexpr std::size_t kMaxFrameSize = 16U << 20U;

// A session's output that the client has not read yet. A client that stops reading is closed rather than fed.
inline constexpr std::size_t kMaxSessionBacklog = 64U << 20U;

// Simultaneous management sessions: several operators and a poller, with room; each costs one descriptor.
inline constexpr std::size_t kMaxSessions = 64;

// A configuration file in memory: 4 000 groups with descriptions are below 2 MiB.
inline constexpr std::size_t kMaxConfigFileSize = 16U << 20U;

// A command line typed or read from a file.
inline constexpr std::size_t kMaxLineLength = 4096;

}  // namespace tandem::base
