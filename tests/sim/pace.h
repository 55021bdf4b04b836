// SPDX-License-Identifier: Apache-2.0
// Invariant: a Master's adverts keep to their schedule (RFC 9568 §6.4.3).
//
//   - A router sends one advert when it becomes Master, then one per interval. Each is due one interval after the
//     previous one was due, not after it was sent, so lateness does not add up. No advert comes early, and none is
//     missing after its time.
//   - Priority 0 of another router begins a new schedule, as does a change of configuration or interface that leads to
//     an advert.
//   - v3: the Master answers a losing advert at once, outside of the schedule; a v2 Master does not answer.
//   - The limit of answers is core::kMaxImmediateAdvertisements per interval (doc/decisions/0005). Below the limit the
//     Master sends each answer.
#pragma once

#include "tests/sim/step.h"

namespace tandem::sim {

class Pace {
 public:
  Verdict observe(const Step& step);
  // The machine has carried out everything that was due at `local`.
  Verdict overdue(const RouterFacts& router, TimePoint local) const;

 private:
  Verdict on_timer(const Step& step, std::size_t sent);
  Verdict on_advertisement(const Step& step, std::size_t sent);

  TimePoint due_{};
  TimePoint counting_since_{};  // start of the interval in which answers count
  int answers_ = 0;
};

}  // namespace tandem::sim
