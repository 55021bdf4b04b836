// SPDX-License-Identifier: Apache-2.0
// Settles virtual routers: notes what has become of what they want, says in the log what was refused, and defers it.
#pragma once

#include "lib/log/log.h"
#include "vrrpd/io/desired_state.h"
#include "vrrpd/io/unused_macvlans.h"
#include "vrrpd/io/work_scheduler.h"

namespace tandem::vrrpd::io {

class Outcomes {
 public:
  struct Dependencies {
    log::Logger& logger;
    DesiredState& desired;
    WorkScheduler& scheduler;
    UnusedMacvlans& unused;
    DeviceChanges& changes;  // gets the routers whose outcome is another one
  };
  explicit Outcomes(Dependencies dependencies) : dependencies_(dependencies) {}

  // Precondition: the router wants something.
  void settle(core::RouterId id, Outcome outcome);

 private:
  void defer(core::RouterId id, DesiredState::Entry& entry, const std::string& reason);

  Dependencies dependencies_;
};

}  // namespace tandem::vrrpd::io
