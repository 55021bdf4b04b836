// SPDX-License-Identifier: Apache-2.0
// The program with its supervisor: what it prepares, what becomes of supervisor and workers, and how another program
// takes over.
#pragma once

#include <optional>

#include "lib/daemon/options.h"
#include "lib/daemon/worker.h"
#include "lib/os/daemonize.h"

namespace tandem::daemon {

// Returns in the supervisor, and in each worker, with the exit status; or with what is wrong at the start.
base::Result<int> run_supervised(const Description& description, const Options& options,
                                 std::optional<os::Background>& background);

// In this process, until it ends.
base::Result<int> run_worker(const Description& description, const Options& options, WorkerContext context,
                             std::optional<os::Background>& background);

// Whether this program goes on as a supervisor that was running already.
bool was_handed_over();

}  // namespace tandem::daemon
