// SPDX-License-Identifier: Apache-2.0
#include "lib/os/scheduling.h"

#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>

namespace tandem::os {
namespace {

void limit_real_time(std::chrono::microseconds limit) {
  rlimit time{};
  if (::getrlimit(RLIMIT_RTTIME, &time) == 0) {
    time.rlim_cur = std::min(time.rlim_max, static_cast<rlim_t>(limit.count()));
    ::setrlimit(RLIMIT_RTTIME, &time);
  }
}

}  // namespace

base::Result<> run_before_others(std::chrono::microseconds limit) {
  const sched_param lowest{.sched_priority = ::sched_get_priority_min(SCHED_RR)};
  if (::sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &lowest) != 0) {
    return base::fail_errno(errno, "cannot run at real-time priority");
  }
  limit_real_time(limit);
  return {};
}

bool allow_running_before_others() {
  const auto lowest = static_cast<rlim_t>(::sched_get_priority_min(SCHED_RR));
  rlimit limit{};
  if (::getrlimit(RLIMIT_RTPRIO, &limit) != 0) {
    return false;
  }
  limit = {.rlim_cur = std::max(limit.rlim_cur, lowest), .rlim_max = std::max(limit.rlim_max, lowest)};
  return ::setrlimit(RLIMIT_RTPRIO, &limit) == 0;
}

}  // namespace tandem::os
