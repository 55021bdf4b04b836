// SPDX-License-Identifier: Apache-2.0
// Whose turn it is when there are fewer processors than work (sched(7)).
#pragma once

#include <chrono>

#include "lib/base/result.h"

namespace tandem::os {

// From now on the calling thread runs before all ordinary threads of the machine (SCHED_RR, lowest real-time priority);
// threads that it starts later are ordinary. One that then computes for `limit` without ever waiting is taken for an
// endless loop: the kernel ends the process (SIGXCPU, RLIMIT_RTTIME). Fails if the system does not allow it
// (CAP_SYS_NICE, RLIMIT_RTPRIO); then nothing has changed.
base::Result<> run_before_others(std::chrono::microseconds limit);

// Lets this process and its children do that also without CAP_SYS_NICE (RLIMIT_RTPRIO): before privileges are given up.
// False: the system does not allow it, which takes CAP_SYS_RESOURCE.
bool allow_running_before_others();

}  // namespace tandem::os
