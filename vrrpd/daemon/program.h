// SPDX-License-Identifier: Apache-2.0
// The program as a whole: from the options to the end.
#pragma once

#include "vrrpd/daemon/options.h"

namespace tandem::vrrpd::daemon {

// `vrrpd -C`: 0 if the configuration is fine, else 1 with every error on stderr. Touches nothing.
int check_configuration(const Options& options);

// `vrrpd --restart`: has the program that runs replaced by what is installed now. 0 when another worker works, else 1
// with the reason on stderr.
int restart(const Options& options);

// Runs until a signal ends it. Returns the exit status.
int run(const Options& options);

}  // namespace tandem::vrrpd::daemon
