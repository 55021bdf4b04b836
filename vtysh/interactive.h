// SPDX-License-Identifier: Apache-2.0
// The session on a terminal, and the plain stream of log lines of `vtysh -c 'terminal monitor'`.
#pragma once

#include "vtysh/console.h"
#include "vtysh/daemons.h"
#include "vtysh/options.h"
#include "vtysh/shell.h"

namespace tandem::vtysh {

// Greets, reads lines and runs them until the operator leaves.
void run_interactive(Shell& shell, Daemons& daemons, Console& console, const Settings& settings);

// Prints log lines until interrupted or until no daemon is left.
void stream_log(Daemons& daemons);

}  // namespace tandem::vtysh
