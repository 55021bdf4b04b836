// SPDX-License-Identifier: Apache-2.0
// Invariant: a Backup takes over neither early nor late (RFC 9568 §6.4.2, RFC 3768 §6.4.2).
//
//   - A Backup takes over when it has not heard its Master for Master_Down_Interval: not a microsecond earlier, and in
//     the next turn of its machine. The interval is the Master's (v3) or its own (v2, or no Master heard).
//   - After priority 0 it takes over after Skew_Time. Repeated priority 0 does not prolong this.
//   - With preemption, adverts of lower priority do not delay it. A preempt delay delays it once.
//   - A router that becomes owner of the addresses does not wait.
//   - During its startup delay it takes over only from a Master that it has heard since the link came up. If it has
//     heard none, the Master_Down_Interval begins when the delay ends. An owner becomes Master when the delay ends.
// The invariant does not look at the router's own timers.
#pragma once

#include "tests/sim/step.h"

namespace tandem::sim {

class Takeover {
 public:
  Verdict observe(const Step& step);
  // The machine has carried out everything that was due at `local`.
  Verdict overdue(const RouterFacts& router, TimePoint local) const;

 private:
  Verdict follow_transition(const Step& step, const core::Transition& change);
  void hear(const Step& step);
  void follow(const Step& step);
  void begin(const Step& step);
  void look_at_link(const Step& step);
  void end_delay(const RouterFacts& router, TimePoint local);
  Verdict check_takeover(const Step& step, core::Cause cause) const;
  TimePoint deadline(const RouterFacts& router) const;

  TimePoint since_{};
  bool released_ = false;
  std::optional<Duration> learned_;
  std::optional<std::uint8_t> followed_priority_;
  std::optional<TimePoint> hold_since_;
  bool delayed_ = false;  // by the startup delay
  bool heard_ = false;    // another router, since the link came up
  TimePoint link_since_{};
};

}  // namespace tandem::sim
