// SPDX-License-Identifier: Apache-2.0
// All virtual routers of one daemon. The caller passes events with the time at which they happened; the engine returns
// actions and the next deadline. It arms no timer, so no stale timer exists. A call too early or too often is harmless.
#pragma once

#include <optional>
#include <unordered_map>

#include "vrrpd/core/action.h"
#include "vrrpd/core/deadlines.h"
#include "vrrpd/core/event.h"
#include "vrrpd/core/router.h"

namespace tandem::vrrpd::core {

class Engine {
 public:
  // Adds a virtual router in Initialize; it leaves this state once `status` allows. Precondition: `id` is unused.
  void add(RouterId id, RouterConfig config, InterfaceStatus status, TimePoint now, Actions& actions);
  // Adds a virtual router in the state that another engine saved; it acts only at its next event or deadline.
  // Precondition: `id` is unused.
  void resume(RouterId id, RouterConfig config, InterfaceStatus status, const SavedState& saved);
  // Releases mastership if the router is Master, and forgets the router.
  void remove(RouterId id, TimePoint now, Actions& actions);

  void handle(RouterId id, const Event& event, TimePoint now, Actions& actions);

  // Handles all deadlines up to `now`.
  void advance(TimePoint now, Actions& actions);
  // The earliest deadline of all routers; nullopt if no router has one.
  std::optional<TimePoint> next_deadline() const;

  const Router* find(RouterId id) const;
  std::size_t size() const { return entries_.size(); }
  // Replaces the counters: with zeros to clear them, or with those from before a resume().
  void set_statistics(RouterId id, const Statistics& statistics);

 private:
  struct Entry {
    Router router;
    // When the queue next looks at the router: not after its deadline. nullopt if it has no entry.
    std::optional<TimePoint> queued{};
  };

  void schedule(RouterId id, Entry& entry);
  void clear_away();
  void correct_top();

  std::unordered_map<RouterId, Entry> entries_;
  // Entries may be too early (the deadline was put off) or outdated (the router has another entry, or was removed). The
  // top entry never is.
  Deadlines deadlines_;
};

}  // namespace tandem::vrrpd::core
