// SPDX-License-Identifier: Apache-2.0
// All virtual routers of one daemon. Events go in with the time at which they happened, actions come out, the next
// deadline is a return value: there is no timer to arm and none that could be stale. A call too early or too often is
// harmless.
#pragma once

#include <optional>
#include <set>
#include <unordered_map>

#include "vrrpd/core/action.h"
#include "vrrpd/core/event.h"
#include "vrrpd/core/router.h"

namespace tandem::vrrpd::core {

class Engine {
 public:
  // A new virtual router in Initialize; it starts by itself once `status` allows. Precondition: `id` is unused.
  void add(RouterId id, RouterConfig config, InterfaceStatus status, TimePoint now, Actions& actions);
  // Releases mastership if it had it, and forgets the router.
  void remove(RouterId id, TimePoint now, Actions& actions);

  void handle(RouterId id, const Event& event, TimePoint now, Actions& actions);

  // Everything that is due at `now`.
  void advance(TimePoint now, Actions& actions);
  // The earliest deadline of all routers.
  std::optional<TimePoint> next_deadline() const;

  const Router* find(RouterId id) const;
  std::size_t size() const { return routers_.size(); }
  void clear_statistics(RouterId id);

 private:
  void reschedule(RouterId id, std::optional<TimePoint> before, std::optional<TimePoint> after);

  std::unordered_map<RouterId, Router> routers_;
  std::set<std::pair<TimePoint, RouterId>> deadlines_;
};

}  // namespace tandem::vrrpd::core
