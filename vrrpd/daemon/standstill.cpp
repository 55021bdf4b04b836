// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/standstill.h"

#include <algorithm>

#include "vrrpd/daemon/limits.h"

namespace tandem::vrrpd::daemon {

void Standstill::note(core::RouterId id, base::TimePoint now) {
  Router& router = routers_[id];
  if (router.due) {
    return;
  }
  base::TimePoint due = now + kStandstillDelay;
  if (router.said_at) {
    due = std::max(due, *router.said_at + kStandstillInterval);
  }
  router.due = due;
  schedule_.emplace(due, id);
}

void Standstill::forget(core::RouterId id) {
  const auto found = routers_.find(id);
  if (found != routers_.end()) {
    unschedule(id, found->second);
    routers_.erase(found);
  }
}

std::optional<base::TimePoint> Standstill::deadline() const {
  return schedule_.empty() ? std::nullopt : std::optional(schedule_.begin()->first);
}

std::vector<core::RouterId> Standstill::take_due(base::TimePoint now) {
  std::vector<core::RouterId> due;
  while (!schedule_.empty() && schedule_.begin()->first <= now) {
    const core::RouterId id = schedule_.begin()->second;
    unschedule(id, routers_.at(id));
    due.push_back(id);
  }
  return due;
}

bool Standstill::say(core::RouterId id, const std::string& reason, base::TimePoint now) {
  Router& router = routers_[id];
  if (reason.empty() || reason == router.said) {
    return false;
  }
  router.said = reason;
  router.said_at = now;
  return true;
}

void Standstill::unschedule(core::RouterId id, Router& router) {
  if (router.due) {
    schedule_.erase({*router.due, id});
    router.due.reset();
  }
}

}  // namespace tandem::vrrpd::daemon
