// SPDX-License-Identifier: Apache-2.0
// The author of a change of the configuration, and the time of the change: transactions read no clock.
#pragma once

#include <cstdint>

#include "lib/base/time.h"
#include "lib/config/commit.h"

namespace tandem::config {

using SessionId = std::uint64_t;

struct Caller {
  SessionId session = 0;  // 0: the daemon itself
  Author author;
  base::TimePoint now;
  base::WallTime wall_now;
};

}  // namespace tandem::config
