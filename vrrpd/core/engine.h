// SPDX-License-Identifier: Apache-2.0
// All virtual routers of one daemon. Events go in with the time at which they happened, actions come out, the next
// deadline is a return value: there is no timer to arm and none that could be stale. A call too early or too often is
// harmless.
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
  // A new virtual router in Initialize; it starts by itself once `status` allows. Precondition: `id` is unused.
  void add(RouterId id, RouterConfig config, InterfaceStatus status, TimePoint now, Actions& actions);
  // A virtual router that goes on where another engine's was: nothing happens now. Precondition: `id` is unused.
  void resume(RouterId id, RouterConfig config, InterfaceStatus status, const SavedState& saved);
  // Releases mastership if it had it, and forgets the router.
  void remove(RouterId id, TimePoint now, Actions& actions);

  void handle(RouterId id, const Event& event, TimePoint now, Actions& actions);

  // Everything that is due at `now`.
  void advance(TimePoint now, Actions& actions);
  // The earliest deadline of all routers.
  std::optional<TimePoint> next_deadline() const;

  const Router* find(RouterId id) const;
  std::size_t size() const { return entries_.size(); }
  // To go on counting from there: zeros to clear them, or what was counted before a resume().
  void set_statistics(RouterId id, const Statistics& statistics);

 private:
  struct Entry {
    Router router;
    // When deadlines_ will look at the router again: not after its deadline. None if it need not.
    std::optional<TimePoint> queued{};
  };

  void schedule(RouterId id, Entry& entry);
  void clear_away();
  void correct_top();

  std::unordered_map<RouterId, Entry> entries_;
  // May have entries that are too early (the deadline was put off) or of the past (the router has another entry, or is
  // gone); never its top.
  Deadlines deadlines_;
};

}  // namespace tandem::vrrpd::core
