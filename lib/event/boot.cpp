// SPDX-License-Identifier: Apache-2.0
#include "lib/event/boot.h"

#include <time.h>

#include "lib/event/loop.h"

namespace tandem::event {

base::TimePoint boot() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  const auto since_boot = std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
  return monotonic_now() - std::chrono::duration_cast<base::Duration>(since_boot);
}

}  // namespace tandem::event
