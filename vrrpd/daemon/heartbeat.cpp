// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/heartbeat.h"

#include <algorithm>

#include "vrrpd/daemon/limits.h"

namespace tandem::vrrpd::daemon {

core::Duration heartbeat_timeout(core::State state, core::Duration master_down_interval) {
  if (state == core::State::initialize) {
    return supervisor::kMaxTimeout;
  }
  return std::clamp<core::Duration>(master_down_interval / 3, supervisor::kMinTimeout, supervisor::kMaxTimeout);
}

namespace {

core::Duration timeout_with(const core::Router& router) {
  return heartbeat_timeout(router.state(), router.current_master_down_interval());
}

}  // namespace

Heartbeat::Heartbeat(RuntimeContext& context) : context_(context), timer_(context.loop, [this] { beat(); }) {}

void Heartbeat::follow(const core::Router& router) {
  const core::Duration timeout = timeout_with(router);
  if (timeout < timeout_) {  // never before start()
    timeout_ = timeout;
    timer_.set(event::monotonic_now());
  }
}

core::Duration Heartbeat::shortest_timeout() const {
  core::Duration shortest = supervisor::kMaxTimeout;
  for (const auto& [key, id] : context_.routers.ids()) {
    shortest = std::min(shortest, timeout_with(*context_.routers.at(id).router));
  }
  return shortest;
}

void Heartbeat::beat() {
  const base::TimePoint now = event::monotonic_now();
  if (now >= recompute_timeout_) {
    timeout_ = shortest_timeout();
    recompute_timeout_ = now + kHeartbeatTimeoutRecomputed;
  }
  context_.checkpoint.set_foreign(context_.devices->adopted());
  context_.checkpoint.alive(now, timeout_);
  timer_.set(now + timeout_ / kHeartbeatsPerTimeout);
}

}  // namespace tandem::vrrpd::daemon
