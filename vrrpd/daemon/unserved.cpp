// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/unserved.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "vrrpd/daemon/limits.h"
#include "vrrpd/daemon/messages.h"

namespace tandem::vrrpd::daemon {

Unserved::Unserved(event::Loop& loop, log::Logger& logger, Changed changed)
    : logger_(logger), changed_(std::move(changed)), timer_(loop, [this] { on_timer(); }) {}

void Unserved::failed(Failure failure, base::TimePoint now) {
  const auto known = cases_.find(failure.id);
  if (known == cases_.end()) {
    const core::RouterId id = failure.id;
    cases_.emplace(id, Case{.failure = std::move(failure),
                            .phase = Phase::patience,
                            .until = now + kUnservedPatience,
                            .pause = kFirstUnservedPause});
  } else if (known->second.phase == Phase::trial) {
    known->second.failure = std::move(failure);
    known->second.phase = Phase::patience;
    known->second.until = now + kUnservedPatience;
  }
  set_timer();
}

void Unserved::pardon(core::RouterId id) {
  if (cases_.erase(id) > 0) {
    set_timer();
  }
}

bool Unserved::is_out(core::RouterId id) const {
  const auto known = cases_.find(id);
  return known != cases_.end() && known->second.phase == Phase::out;
}

std::string Unserved::reason(core::RouterId id) const {
  return is_out(id) ? cases_.at(id).failure.reason : std::string();
}

void Unserved::on_timer() {
  const base::TimePoint now = event::monotonic_now();
  std::vector<core::RouterId> changed;
  for (auto& [id, one] : cases_) {
    if (one.phase == Phase::trial || now < one.until) {
      continue;
    }
    changed.push_back(id);
    if (one.phase == Phase::out) {
      one.phase = Phase::trial;
      continue;
    }
    one.phase = Phase::out;
    one.until += one.pause;
    logger_.write<kUnserved>(one.failure.name, one.pause.count(), one.failure.reason);
    one.pause = std::min(2 * one.pause, kLongestUnservedPause);
  }
  set_timer();
  for (const core::RouterId id : changed) {
    changed_(id);
  }
}

void Unserved::set_timer() {
  timer_.cancel();
  std::optional<base::TimePoint> next;
  for (const auto& [id, one] : cases_) {
    if (one.phase != Phase::trial) {
      next = std::min(next.value_or(one.until), one.until);
    }
  }
  if (next) {
    timer_.set(*next);
  }
}

}  // namespace tandem::vrrpd::daemon
