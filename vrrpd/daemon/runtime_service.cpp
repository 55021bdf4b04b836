// SPDX-License-Identifier: Apache-2.0
// What the kernel does not give a virtual router: who waits for it, and a Master that has none of its addresses.
#include <algorithm>
#include <utility>

#include "vrrpd/daemon/limits.h"
#include "vrrpd/daemon/runtime.h"

namespace tandem::vrrpd::daemon {

void Runtime::when_settled(std::vector<config::RouterKey> keys, Settled done) {
  waiters_.push_back({.keys = std::move(keys), .done = std::move(done), .begun = event::monotonic_now()});
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
  const base::TimePoint now = event::monotonic_now();
  std::vector<Waiter> finished;
  for (Waiter& waiter : std::exchange(waiters_, {})) {
    const bool settled = is_settled(waiter);
    const bool too_late = !settled && now >= end_of_patience(waiter);
    if (too_late && waiter.result) {
      waiter.result = base::Unexpected<base::Error>(lost_patience(waiter));
    }
    (settled || too_late ? finished : waiters_).push_back(std::move(waiter));
  }
  if (!waiters_.empty()) {
    waiters_timer_.set(end_of_patience(waiters_.front()));  // it waits longest
  }
  for (Waiter& waiter : finished) {
    waiter.done(std::move(waiter.result));  // may call when_settled()
  }
}

// Takes those off the list that are settled.
bool Runtime::is_settled(Waiter& waiter) const {
  for (; !waiter.keys.empty(); waiter.keys.pop_back()) {
    const config::RouterKey& key = waiter.keys.back();
    const auto known = ids_.find(key);
    if (known == ids_.end()) {
      continue;
    }
    const io::Outcome& outcome = devices_->outcome(known->second);
    if (!outcome.settled()) {
      return false;
    }
    const bool refused = outcome.state == io::Outcome::State::refused && !entries_.at(known->second).refused_before;
    if (refused && waiter.result) {
      waiter.result = base::fail("vrrp {} on {}: {}", key.vrid.value(), key.interface, outcome.reason);
    }
  }
  return true;
}

// Of a thousand virtual routers each may take its time, as long as they get on.
base::TimePoint Runtime::end_of_patience(const Waiter& waiter) const {
  return std::min(std::max(waiter.begun, last_settled_) + kSettlingPatience, waiter.begun + kLongestSettling);
}

base::Error Runtime::lost_patience(const Waiter& waiter) const {
  const config::RouterKey& key = waiter.keys.back();  // there is one: it is not settled
  const std::string& reason = devices_->outcome(ids_.at(key)).reason;
  return {fmt::format("vrrp {} on {}: not in place after {} s: {}", key.vrid.value(), key.interface,
                      std::chrono::ceil<std::chrono::seconds>(event::monotonic_now() - waiter.begun).count(),
                      reason.empty() ? "the kernel is still at work on interfaces" : reason)};
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
