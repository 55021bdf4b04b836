// SPDX-License-Identifier: Apache-2.0
// The program of a daemon as a whole: from the command line to the exit status.
#pragma once

#include "lib/daemon/description.h"

namespace tandem::daemon {

// All of main(). Returns the exit status.
int run_program(const Description& description, int argc, char** argv);

// The YANG modules of the daemon.
base::Result<std::unique_ptr<yang::Context>> load_schema(const Description& description);

// `--restart`: has the running program replaced by the one that is installed now. Returns 0 when another worker works,
// else 1 with the reason on stderr.
int restart(const Options& options);

}  // namespace tandem::daemon
