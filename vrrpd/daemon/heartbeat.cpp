// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/heartbeat.h"

#include <algorithm>

#include "vrrpd/daemon/limits.h"

namespace tandem::vrrpd::daemon {

core::Duration allowed_silence(core::State state, core::Duration master_down_interval) {
  if (state == core::State::initialize) {
    return supervisor::kMaxTimeout;
  }
  return std::clamp<core::Duration>(master_down_interval / 3, supervisor::kMinTimeout, supervisor::kMaxTimeout);
}

namespace {

core::Duration silence_with(const core::Router& router) {
  return allowed_silence(router.state(), router.current_master_down_interval());
}

}  // namespace

Heartbeat::Heartbeat(RuntimeContext& context) : context_(context), timer_(context.loop, [this] { beat(); }) {}

void Heartbeat::follow(const core::Router& router) {
  const core::Duration silence = silence_with(router);
  if (silence < silence_) {  // never before start()
    silence_ = silence;
    timer_.set(event::monotonic_now());
  }
}

core::Duration Heartbeat::shortest_silence() const {
  core::Duration shortest = supervisor::kMaxTimeout;
  for (const auto& [key, id] : context_.routers.ids()) {
    shortest = std::min(shortest, silence_with(*context_.routers.at(id).router));
  }
  return shortest;
}

void Heartbeat::beat() {
  const base::TimePoint now = event::monotonic_now();
  if (now >= recompute_silence_) {
    silence_ = shortest_silence();
    recompute_silence_ = now + kPatienceHolds;
  }
  context_.checkpoint.set_foreign(context_.devices->adopted());
  context_.checkpoint.alive(now, silence_);
  timer_.set(now + silence_ / kBeatsPerPatience);
}

}  // namespace tandem::vrrpd::daemon
