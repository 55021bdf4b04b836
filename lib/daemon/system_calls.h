// SPDX-License-Identifier: Apache-2.0
// The system calls that a daemon needs (doc/decisions/0021-system-calls.md). `socket_families`: of the sockets that its
// workers open (AF_…), beside AF_UNIX.
#pragma once

#include <span>

#include "lib/os/seccomp.h"

namespace tandem::daemon {

// Of a worker that has settled in: all that it has to open with a privilege is open.
os::SystemCalls worker_calls(std::span<const int> socket_families);

// Of the supervisor, hence of everything that it forks or executes, whatever version that is: a filter cannot be taken
// off. So these are the worker's, and what it takes to start this program, and the next.
os::SystemCalls supervisor_calls(std::span<const int> socket_families);

}  // namespace tandem::daemon
