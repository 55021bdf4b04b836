// SPDX-License-Identifier: Apache-2.0
// What the kernel does not give a virtual router: who waits for it, and a Master that has none of its addresses.
#include <algorithm>
#include <utility>

#include "vrrpd/daemon/limits.h"
#include "vrrpd/daemon/runtime.h"

namespace tandem::vrrpd::daemon {

void Runtime::when_settled(std::vector<config::RouterKey> keys, Waiters::Settled done) {
  waiters_.add(std::move(keys), std::move(done), event::monotonic_now());
  waiters_timer_.set(event::monotonic_now());
}

// What keeps a socket from being opened (descriptors, memory, limits of the system) passes without a word.
void Runtime::listen_again() {
  const base::TimePoint now = event::monotonic_now();
  bool deaf = false;
  for (const auto& [key, id] : ids_) {
    if (entries_.at(id).deaf) {
      refresh(id, now);
      deaf = deaf || entries_.at(id).deaf;
    }
  }
  carry_out();
  if (deaf) {
    listen_timer_.set(now + kListenPause);
  }
}

void Runtime::look_at_waiters() {
  const auto next =
      waiters_.look([this](const config::RouterKey& key) { return standing_of(key); }, event::monotonic_now());
  if (next) {
    waiters_timer_.set(*next);
  }
}

// One that is no more is waited for no longer, and one that was refused before the change is not refused for it.
Waiters::Standing Runtime::standing_of(const config::RouterKey& key) const {
  using State = Waiters::Standing::State;
  const auto known = ids_.find(key);
  if (known == ids_.end()) {
    return {State::in_place};
  }
  const io::Outcome& outcome = devices_->outcome(known->second);
  if (!outcome.settled()) {
    return {State::waiting, outcome.reason};
  }
  const bool refused = outcome.state == io::Outcome::State::refused && !entries_.at(known->second).refused_before;
  return {refused ? State::refused : State::in_place, outcome.reason};
}

// Whether it may be Master. A Backup that could have none of its addresses may not, and neither may one that had none
// of them when it was.
bool Runtime::can_serve(core::RouterId id) const {
  const core::Router* const router = engine_.find(id);
  const bool master = router != nullptr && router->state() == core::State::master;
  return !unserved_.is_out(id) && (master || !devices_->outcome(id).serves_none);
}

void Runtime::judge_service(core::RouterId id, const config::RouterKey& key, base::TimePoint now) {
  const io::Outcome& outcome = devices_->outcome(id);
  const core::Router* const router = engine_.find(id);
  if (!outcome.settled() || router == nullptr || router->state() != core::State::master) {
    return;
  }
  if (outcome.serves_none) {
    unserved_.failed({.id = id, .name = name_of(key), .reason = outcome.reason}, now);
  } else {
    unserved_.pardon(id);
  }
}

void Runtime::on_unserved(core::RouterId id) {
  if (entries_.contains(id) && engine_.find(id) != nullptr) {
    refresh(id, event::monotonic_now());
    carry_out();
  }
}

}  // namespace tandem::vrrpd::daemon
