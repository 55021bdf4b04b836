// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/waiters.h"

#include <algorithm>
#include <utility>

#include "vrrpd/daemon/limits.h"

namespace tandem::vrrpd::daemon {

void Waiters::add(std::vector<config::RouterKey> keys, Settled done, base::TimePoint now) {
  waiters_.push_back({.keys = std::move(keys), .done = std::move(done), .begun = now});
}

std::optional<base::TimePoint> Waiters::look(const Ask& ask, base::TimePoint now) {
  std::vector<Waiter> finished;
  for (Waiter& waiter : std::exchange(waiters_, {})) {
    const std::optional<std::string> reason = waits_for(waiter, ask);
    const bool too_late = reason && now >= deadline_of(waiter);
    if (too_late && waiter.result) {
      const config::RouterKey& key = waiter.keys.back();
      waiter.result = base::fail("vrrp {} on {}: not in place after {} s: {}", key.vrid.value(), key.interface,
                                 std::chrono::ceil<std::chrono::seconds>(now - waiter.begun).count(),
                                 reason->empty() ? "the kernel is still at work on interfaces" : *reason);
    }
    (!reason || too_late ? finished : waiters_).push_back(std::move(waiter));
  }
  for (Waiter& waiter : finished) {
    waiter.done(std::move(waiter.result));
  }
  return waiters_.empty() ? std::nullopt : std::optional(deadline_of(waiters_.front()));  // it waits longest
}

// Takes those off the list that are settled. Nothing: all are; else why the last one is not, as far as that is known.
std::optional<std::string> Waiters::waits_for(Waiter& waiter, const Ask& ask) {
  for (; !waiter.keys.empty(); waiter.keys.pop_back()) {
    const config::RouterKey& key = waiter.keys.back();
    Standing standing = ask(key);
    if (standing.state == Standing::State::waiting) {
      return std::move(standing.reason);
    }
    if (standing.state == Standing::State::refused && waiter.result) {
      waiter.result = base::fail("vrrp {} on {}: {}", key.vrid.value(), key.interface, standing.reason);
    }
  }
  return std::nullopt;
}

base::TimePoint Waiters::deadline_of(const Waiter& waiter) const {
  return std::min(std::max(waiter.begun, last_progress_) + kSettlingTimeout, waiter.begun + kLongestSettling);
}

}  // namespace tandem::vrrpd::daemon
