// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/settlements.h"

#include <utility>

namespace tandem::vrrpd::daemon {

Settlements::Settlements(RuntimeContext& context) : context_(context), timer_(context.loop, [this] { look(); }) {}

void Settlements::when_settled(std::vector<config::RouterKey> keys, Waiters::Settled done) {
  const base::TimePoint now = event::monotonic_now();
  waiters_.add(std::move(keys), std::move(done), now);
  timer_.set(now);
}

void Settlements::note(std::size_t routers, base::TimePoint now) {
  count_ += routers;
  if (routers != 0) {
    waiters_.note_progress(now);
  }
}

void Settlements::look() {
  const auto next =
      waiters_.look([this](const config::RouterKey& key) { return standing_of(key); }, event::monotonic_now());
  if (next) {
    timer_.set(*next);
  }
}

// A router that has been removed is waited for no longer.
Waiters::Standing Settlements::standing_of(const config::RouterKey& key) const {
  const auto id = context_.routers.find(key);
  return id ? standing(context_.devices->outcome(*id), context_.routers.at(*id).refused_before)
            : Waiters::Standing{Waiters::Standing::State::in_place};
}

Waiters::Standing standing(const io::Outcome& outcome, bool refused_before) {
  using State = Waiters::Standing::State;
  if (!outcome.settled()) {
    return {State::waiting, outcome.reason};
  }
  const bool refused = outcome.state == io::Outcome::State::refused && !refused_before;
  return {refused ? State::refused : State::in_place, outcome.reason};
}

}  // namespace tandem::vrrpd::daemon
