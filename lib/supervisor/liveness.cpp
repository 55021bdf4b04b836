// SPDX-License-Identifier: Apache-2.0
#include "lib/supervisor/liveness.h"

#include <algorithm>

#include "lib/supervisor/limits.h"

namespace tandem::supervisor {
namespace {

constexpr std::int64_t microseconds(milliseconds time) { return std::chrono::microseconds(time).count(); }

// Ignores a heartbeat in the future. Worker and supervisor often wake up at the same moment, so one that was sent since
// `now` was read counts.
Time believable(Time heartbeat, Time before, Time now) {
  return heartbeat > before && heartbeat <= now + microseconds(kSameMoment) ? std::min(heartbeat, now) : before;
}

}  // namespace

void Liveness::begin(Time now, Time start_timeout) {
  *this = {};
  since_ = now;
  start_timeout_ = start_timeout;
}

Time Liveness::start_timeout(const Observation& last) {
  if (last.fenced) {
    return microseconds(kStartTimeout);
  }
  const Time timeout = std::clamp(last.heartbeat_timeout, microseconds(kMinTimeout), microseconds(kMaxTimeout));
  return std::min(timeout * 3 / 2, microseconds(kStartTimeout));
}

void Liveness::look(const Observation& seen, Time now) {
  const Phase phase = seen.phase;
  const bool back = phase == Phase::starting && phase_ != Phase::starting;  // no worker starts twice
  phase_ = back ? Phase::running : phase;
  timeout_ = std::clamp(seen.heartbeat_timeout, microseconds(kMinTimeout), microseconds(kMaxTimeout));
  heartbeat_ = believable(seen.heartbeat, heartbeat_, now);
  if (phase_ == Phase::running && management_alive_ == 0) {
    management_alive_ = now;
  }
  management_alive_ = believable(seen.management_heartbeat, management_alive_, now);
}

void Liveness::forgive(Time now) {
  since_ = now;
  if (management_alive_ != 0) {
    management_alive_ = now;
  }
}

void Liveness::ready(Time now) {
  if (!ready_) {
    management_alive_ = std::max(management_alive_, now);
  }
  ready_ = true;
}

Time Liveness::timeout() const {
  switch (phase_) {
    case Phase::starting:
      return start_timeout_;
    case Phase::running:
      return timeout_;
    case Phase::stopping:
      return microseconds(told_to_stop_ ? kStopTimeout : kOwnStopTimeout);
  }
  return microseconds(kMinTimeout);  // a faulty worker has written this
}

Time Liveness::deadline() const {
  const Time most = timeout();
  return most == kNever ? kNever : alive() + most;
}

Time Liveness::management_deadline() const {
  const bool continues = start_timeout_ != kNever;
  const bool watched = phase_ == Phase::running && (continues || ready_) && !told_to_stop_;
  return watched ? management_alive_ + microseconds(kManagementTimeout) : kNever;
}

}  // namespace tandem::supervisor
