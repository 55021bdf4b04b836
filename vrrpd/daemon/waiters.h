// SPDX-License-Identifier: Apache-2.0
// Transactions that wait until their virtual routers have what they want of the kernel, and for how long. No clock:
// time is an argument, as in the core.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/base/time.h"
#include "vrrpd/config/plan.h"

namespace tandem::vrrpd::daemon {

class Waiters {
 public:
  // What has become of a virtual router.
  struct Standing {
    enum class State { waiting, in_place, refused } state = State::waiting;
    std::string reason{};  // why the kernel has refused it, or what it waits for, if that is known
  };
  using Ask = std::function<Standing(const config::RouterKey&)>;
  using Settled = std::function<void(base::Result<>)>;

  void add(std::vector<config::RouterKey> keys, Settled done, base::TimePoint now);
  // The kernel is done with a virtual router, whichever: while it gets on with a thousand of them, each may take long.
  void note_progress(base::TimePoint now) { last_progress_ = now; }
  // Calls `done` of those whose virtual routers are all in place or refused: with the reason of a refusal, if there is
  // one. Of those also that have waited too long: nothing has got on for kSettlingTimeout, or kLongestSettling are
  // over. `done` may call add(). Returns when to call it again: never, if there are no others.
  std::optional<base::TimePoint> look(const Ask& ask, base::TimePoint now);

 private:
  struct Waiter {
    std::vector<config::RouterKey> keys;  // not settled yet, as far as is known
    Settled done;
    base::TimePoint begun{};
    base::Result<> result{};
  };
  static std::optional<std::string> waits_for(Waiter& waiter, const Ask& ask);
  base::TimePoint deadline_of(const Waiter& waiter) const;

  std::vector<Waiter> waiters_;
  base::TimePoint last_progress_{};
};

}  // namespace tandem::vrrpd::daemon
