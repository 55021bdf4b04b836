// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/core/engine.h"

namespace tandem::vrrpd::core {

namespace {

// Outdated entries that the queue may hold beyond one for each router before the engine removes them. It bounds the
// queue when peers move a deadline back and forth.
constexpr std::size_t kSpareDeadlines = 64;

}  // namespace

void Engine::add(RouterId id, RouterConfig config, InterfaceStatus status, TimePoint now, Actions& actions) {
  const auto [found, is_new] = entries_.try_emplace(id, Entry{Router(id, std::move(config), std::move(status))});
  TANDEM_INVARIANT(is_new);
  found->second.router.start_if_ready(now, actions);
  schedule(id, found->second);
}

void Engine::resume(RouterId id, RouterConfig config, InterfaceStatus status, const SavedState& saved) {
  const auto [found, is_new] = entries_.try_emplace(id, Entry{Router(id, std::move(config), std::move(status), saved)});
  TANDEM_INVARIANT(is_new);
  schedule(id, found->second);
}

void Engine::remove(RouterId id, TimePoint /*now*/, Actions& actions) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) {
    return;
  }
  found->second.router.stop(Cause::initialize, InitializeReason::removed, actions);
  entries_.erase(found);
  correct_top();
}

void Engine::handle(RouterId id, const Event& event, TimePoint now, Actions& actions) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) {
    return;
  }
  found->second.router.handle(event, now, actions);
  schedule(id, found->second);
}

void Engine::advance(TimePoint now, Actions& actions) {
  while (!deadlines_.empty() && deadlines_.top().at <= now) {
    const RouterId id = deadlines_.top().id;
    Router& router = entries_.at(id).router;
    router.advance(now, actions);
    TANDEM_INVARIANT(router.deadline() > now);  // or this loop would not end
    correct_top();
  }
}

std::optional<TimePoint> Engine::next_deadline() const {
  return deadlines_.empty() ? std::nullopt : std::optional(deadlines_.top().at);
}

const Router* Engine::find(RouterId id) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : &found->second.router;
}

void Engine::set_statistics(RouterId id, const Statistics& statistics) {
  if (const auto found = entries_.find(id); found != entries_.end()) {
    found->second.router.set_statistics(statistics);
  }
}

// A later deadline leaves the entry where it is; an earlier one gets a new entry.
void Engine::schedule(RouterId id, Entry& entry) {
  const std::optional<TimePoint> deadline = entry.router.deadline();
  if (deadline && (!entry.queued || *deadline < *entry.queued)) {
    entry.queued = deadline;
    deadlines_.push({*deadline, id});
    if (deadlines_.size() > 2 * entries_.size() + kSpareDeadlines) {
      clear_away();
    }
  }
  if (!deadlines_.empty() && deadlines_.top().id == id) {  // no other router's deadline has moved
    correct_top();
  }
}

void Engine::clear_away() {
  deadlines_.erase_if([this](const Deadlines::Entry& which) {
    const auto found = entries_.find(which.id);
    return found == entries_.end() || found->second.queued != which.at;
  });
}

void Engine::correct_top() {
  while (!deadlines_.empty()) {
    const Deadlines::Entry top = deadlines_.top();
    const auto found = entries_.find(top.id);
    if (found == entries_.end() || found->second.queued != top.at) {
      deadlines_.pop();
      continue;
    }
    const std::optional<TimePoint> deadline = found->second.router.deadline();
    if (deadline == top.at) {
      return;
    }
    found->second.queued = deadline;
    if (deadline) {
      deadlines_.replace_top(*deadline);
    } else {
      deadlines_.pop();
    }
  }
}

}  // namespace tandem::vrrpd::core
