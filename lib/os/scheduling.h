// SPDX-License-Identifier: Apache-2.0
// Scheduling priority (sched(7)).
#pragma once

#include <chrono>

#include "lib/base/result.h"

namespace tandem::os {

// Gives the calling thread the lowest real-time priority (SCHED_RR): it runs before all ordinary threads. Threads that it
// starts later are ordinary. If it computes for `limit` without a wait, the kernel ends the process (SIGXCPU,
// RLIMIT_RTTIME). Fails without changes if the system does not allow it (CAP_SYS_NICE, RLIMIT_RTPRIO).
base::Result<> run_before_others(std::chrono::microseconds limit);

// Lets this process and its children call run_before_others() without CAP_SYS_NICE (RLIMIT_RTPRIO). Call before dropping
// privileges. False: the system does not allow it (CAP_SYS_RESOURCE is missing).
bool allow_running_before_others();

}  // namespace tandem::os
