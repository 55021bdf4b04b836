// SPDX-License-Identifier: Apache-2.0
// Judges from a worker's heartbeats whether it is alive. PURE: time and observations are arguments. A faulty worker may
// have written anything into the shared memory: no value of it extends a deadline beyond the limits of limits.h.
#pragma once

#include "lib/supervisor/types.h"

namespace tandem::supervisor {

class Liveness {
 public:
  // A worker starts, and may take `start_timeout` until its first heartbeat. kNever: it reads its first configuration,
  // and no host depends on it yet.
  void begin(Time now, Time start_timeout);
  // The start timeout of the next worker; `last` is what the one before has left. While the next one starts, the kernel
  // goes on answering for the one before, unless that was fenced; after three intervals without adverts a neighbour
  // answers, too.
  static Time start_timeout(const Observation& last);

  // `now`: read after the observation was made.
  void look(const Observation& seen, Time now);
  // Ignores the silence until now: the machine slept, or the worker waits for the kernel.
  void forgive(Time now);
  void told_to_stop() { told_to_stop_ = true; }
  // The worker has applied its configuration.
  void ready(Time now);

  // ---- the protocol's thread

  Time heartbeat() const { return heartbeat_; }                             // the last one; 0: none yet
  Time alive() const { return heartbeat_ > since_ ? heartbeat_ : since_; }  // when it was last known to be alive
  Time deadline() const;                                                    // when it counts as hung

  // ---- management's thread. It is watched from the moment when the worker has applied its first configuration, or, if
  // the worker continues the work of another one, from its first heartbeat on.

  Time management_deadline() const;
  Time management_alive() const { return management_alive_; }
  void forgive_management(Time now) { management_alive_ = now; }

 private:
  Time timeout() const;

  Time since_ = 0;
  Time start_timeout_ = kNever;
  Time timeout_ = 0;
  Time heartbeat_ = 0;
  Time management_alive_ = 0;  // 0: not watched yet
  Phase phase_ = Phase::starting;
  bool ready_ = false;
  bool told_to_stop_ = false;
};

}  // namespace tandem::supervisor
