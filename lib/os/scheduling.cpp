// SPDX-License-Identifier: Apache-2.0
#include "lib/os/scheduling.h"

#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>

namespace tandem::os {
namespace {

// One above the lowest, so that a thread of ours may be behind another and still before all others.
int priority() { return ::sched_get_priority_min(SCHED_RR) + 1; }

void limit_real_time(std::chrono::microseconds limit) {
  rlimit time{};
  if (::getrlimit(RLIMIT_RTTIME, &time) == 0) {
    time.rlim_cur = std::min(time.rlim_max, static_cast<rlim_t>(limit.count()));
    ::setrlimit(RLIMIT_RTTIME, &time);
  }
}

}  // namespace

base::Result<> run_before_others(std::chrono::microseconds limit) {
  const sched_param wanted{.sched_priority = priority()};
  const sched_param lowest{.sched_priority = priority() - 1};
  if (::sched_setscheduler(0, SCHED_RR, &wanted) != 0 && ::sched_setscheduler(0, SCHED_RR, &lowest) != 0) {
    return base::fail_errno(errno, "cannot run at real-time priority");
  }
  limit_real_time(limit);
  return {};
}

bool allow_running_before_others() {
  const auto wanted = static_cast<rlim_t>(priority());
  rlimit limit{};
  if (::getrlimit(RLIMIT_RTPRIO, &limit) != 0) {
    return false;
  }
  limit = {.rlim_cur = std::max(limit.rlim_cur, wanted), .rlim_max = std::max(limit.rlim_max, wanted)};
  return ::setrlimit(RLIMIT_RTPRIO, &limit) == 0;
}

}  // namespace tandem::os
