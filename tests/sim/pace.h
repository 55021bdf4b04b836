// SPDX-License-Identifier: Apache-2.0
// Invariant: a Master's adverts keep to their schedule (RFC 9568 §6.4.3).
//
//   - One advert when it becomes Master, then one per interval: each is due an interval after the last one was due, not
//     after it was sent, so lateness never adds up. None comes early, and none is missing once its time has come.
//   - Priority 0 of another and a change of configuration or interface, if it leads to an advert, begin a new schedule.
//   - v3: an advert that loses is answered at once, outside of the schedule; v2 answers nothing.
//   - Answers are limited: core::kMaxImmediateAdvertisements per interval (doc/decisions/0005). Below the limit none is
//     withheld.
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
  TimePoint counting_since_{};  // of answers
  int answers_ = 0;
};

}  // namespace tandem::sim
