// SPDX-License-Identifier: Apache-2.0
// When the machine was booted.
#pragma once

#include "lib/base/time.h"

namespace tandem::event {

// On the scale of monotonic_now(): 0, or less by the time for which the machine has been suspended since (the
// difference of CLOCK_MONOTONIC and CLOCK_BOOTTIME).
base::TimePoint boot();

}  // namespace tandem::event
