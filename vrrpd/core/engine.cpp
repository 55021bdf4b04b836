// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/core/engine.h"

namespace tandem::vrrpd::core {

void Engine::add(RouterId id, RouterConfig config, InterfaceStatus status, TimePoint now, Actions& actions) {
  const auto [entry, is_new] = routers_.try_emplace(id, id, std::move(config), std::move(status));
  TANDEM_INVARIANT(is_new);
  entry->second.start_if_ready(now, actions);
  reschedule(id, std::nullopt, entry->second.deadline());
}

void Engine::remove(RouterId id, TimePoint /*now*/, Actions& actions) {
  const auto entry = routers_.find(id);
  if (entry == routers_.end()) {
    return;
  }
  reschedule(id, entry->second.deadline(), std::nullopt);
  entry->second.stop(Cause::initialize, InitializeReason::stopping, actions);
  routers_.erase(entry);
}

void Engine::handle(RouterId id, const Event& event, TimePoint now, Actions& actions) {
  const auto entry = routers_.find(id);
  if (entry == routers_.end()) {
    return;
  }
  const std::optional<TimePoint> before = entry->second.deadline();
  entry->second.handle(event, now, actions);
  reschedule(id, before, entry->second.deadline());
}

void Engine::advance(TimePoint now, Actions& actions) {
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const auto [due, id] = *deadlines_.begin();
    Router& router = routers_.at(id);
    router.advance(now, actions);
    TANDEM_INVARIANT(router.deadline() > now);  // or this loop would not end
    reschedule(id, due, router.deadline());
  }
}

std::optional<TimePoint> Engine::next_deadline() const {
  return deadlines_.empty() ? std::nullopt : std::optional(deadlines_.begin()->first);
}

const Router* Engine::find(RouterId id) const {
  const auto entry = routers_.find(id);
  return entry == routers_.end() ? nullptr : &entry->second;
}

void Engine::clear_statistics(RouterId id) {
  if (const auto entry = routers_.find(id); entry != routers_.end()) {
    entry->second.clear_statistics();
  }
}

void Engine::reschedule(RouterId id, std::optional<TimePoint> before, std::optional<TimePoint> after) {
  if (before == after) {
    return;
  }
  if (!before) {
    deadlines_.emplace(*after, id);
    return;
  }
  if (!after) {
    deadlines_.erase({*before, id});
    return;
  }
  auto node = deadlines_.extract({*before, id});  // moves the node: no allocation per packet
  TANDEM_INVARIANT(!node.empty());
  node.value().first = *after;
  deadlines_.insert(std::move(node));
}

}  // namespace tandem::vrrpd::core
