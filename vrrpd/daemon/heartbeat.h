// SPDX-License-Identifier: Apache-2.0
// The heartbeats of the protocol's thread, which the supervisor watches: the time of the last one, and the heartbeat
// timeout, after which the supervisor replaces the worker. Used on the protocol's thread.
#pragma once

#include "lib/event/loop.h"
#include "vrrpd/daemon/runtime_context.h"

namespace tandem::vrrpd::daemon {

// The heartbeat timeout of a worker with this router: a third of the time after which its first peer takes over, within
// the limits of the supervisor.
core::Duration heartbeat_timeout(core::State state, core::Duration master_down_interval);

class Heartbeat {
 public:
  explicit Heartbeat(RuntimeContext& context);

  // Sends the first heartbeat now, and then kHeartbeatsPerTimeout in each heartbeat timeout.
  void start() { beat(); }
  // After each change of a router: a shorter timeout applies at once, a longer one from the next recomputation on.
  void follow(const core::Router& router);

 private:
  void beat();
  core::Duration shortest_timeout() const;

  RuntimeContext& context_;
  core::Duration timeout_{};             // zero before start()
  base::TimePoint recompute_timeout_{};  // when to ask all routers again
  event::Timer timer_;
};

}  // namespace tandem::vrrpd::daemon
