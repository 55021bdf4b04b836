// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/base/time.h"

namespace tandem::event {

// When the machine was booted, on the scale of monotonic_now(): 0, minus the time that it has been suspended since
// (CLOCK_BOOTTIME − CLOCK_MONOTONIC).
base::TimePoint boot();

}  // namespace tandem::event
