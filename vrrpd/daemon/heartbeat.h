// SPDX-License-Identifier: Apache-2.0
// The signs of life of the protocol's thread, which the supervisor watches: the time of the last one, and how long the
// supervisor waits for the next before it replaces the worker. Used on the protocol's thread.
#pragma once

#include "lib/event/loop.h"
#include "vrrpd/daemon/runtime_context.h"

namespace tandem::vrrpd::daemon {

// How long a worker with this router may be silent: a third of the time after which its first peer takes over, within
// the limits of the supervisor.
core::Duration allowed_silence(core::State state, core::Duration master_down_interval);

class Heartbeat {
 public:
  explicit Heartbeat(RuntimeContext& context);

  // Sends the first sign of life now, and then kBeatsPerPatience in the allowed silence.
  void start() { beat(); }
  // After each change of a router: a shorter silence is allowed at once, a longer one at the next look at all routers.
  void follow(const core::Router& router);

 private:
  void beat();
  core::Duration shortest_silence() const;

  RuntimeContext& context_;
  core::Duration silence_{};             // zero before start()
  base::TimePoint recompute_silence_{};  // when to look at all routers again
  event::Timer timer_;
};

}  // namespace tandem::vrrpd::daemon
