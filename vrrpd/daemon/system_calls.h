// SPDX-License-Identifier: Apache-2.0
// The system calls that this program needs (doc/decisions/0021-system-calls.md).
#pragma once

#include "lib/os/seccomp.h"

namespace tandem::vrrpd::daemon {

// Of a worker that has settled in: all that it has to open with a privilege is open.
os::SystemCalls worker_calls();

// Of the supervisor, hence of everything that it forks or executes, whatever version that is: a filter cannot be taken
// off. So these are the worker's, and what it takes to start this program, and the next.
os::SystemCalls supervisor_calls();

}  // namespace tandem::vrrpd::daemon
