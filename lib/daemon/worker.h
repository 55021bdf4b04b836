// SPDX-License-Identifier: Apache-2.0
// The process that does the work: everything but the supervision of itself (lib/supervisor).
#pragma once

#include "lib/daemon/description.h"
#include "lib/daemon/work.h"

namespace tandem::daemon {

// Runs the daemon's Work until a signal ends it, cleans up, and returns; or returns what is wrong at the start. If the
// worker before has left something to continue with, that is done first, and all else follows. Signals stay
// blocked outside of the loop, because one that arrives during the clean-up would end the process.
base::Result<> work(const Description& description, const Options& options, const WorkerContext& context);

}  // namespace tandem::daemon
