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
  const core::RouterId id = failure.id;
  const auto [known, is_new] = cases_.try_emplace(id, Case{.phase = Phase::trial, .pause = kFirstUnservedPause});
  if (known->second.phase == Phase::trial) {
    known->second.failure = std::move(failure);
    known->second.phase = Phase::grace;
    wait_until(id, known->second, now + kUnservedGrace);
  }
  set_timer();
}

void Unserved::pardon(core::RouterId id) {
  if (const auto known = cases_.find(id); known != cases_.end()) {
    drop_deadline(id, known->second);
    cases_.erase(known);
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
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const core::RouterId id = deadlines_.begin()->second;
    Case& one = cases_.at(id);
    changed.push_back(id);
    drop_deadline(id, one);
    if (one.phase == Phase::out) {
      one.phase = Phase::trial;
      continue;
    }
    one.phase = Phase::out;
    wait_until(id, one, std::max<base::TimePoint>(one.until + one.pause, now + base::Duration(1)));
    logger_.write<kUnserved>(one.failure.name, one.pause.count(), one.failure.reason);
    one.pause = std::min(2 * one.pause, kLongestUnservedPause);
  }
  set_timer();
  for (const core::RouterId id : changed) {
    changed_(id);
  }
}

void Unserved::wait_until(core::RouterId id, Case& one, base::TimePoint until) {
  one.until = until;
  deadlines_.emplace(until, id);
}

void Unserved::drop_deadline(core::RouterId id, const Case& one) { deadlines_.erase({one.until, id}); }

void Unserved::set_timer() {
  if (deadlines_.empty()) {
    timer_.cancel();
  } else {
    timer_.set(deadlines_.begin()->first);
  }
}

}  // namespace tandem::vrrpd::daemon
