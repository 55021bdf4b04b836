// SPDX-License-Identifier: Apache-2.0
// What the parts of Runtime share: the protocol's engine, the table of routers, and the way to the kernel, the log and
// the next worker. Used on the protocol's thread.
#pragma once

#include <memory>
#include <vector>

#include "vrrpd/daemon/routers.h"
#include "vrrpd/recording/recorder.h"

namespace tandem::vrrpd::daemon {

struct RuntimeContext {
  RuntimeContext(event::Loop& loop_in, log::Logger& logger_in, Checkpoint& checkpoint_in)
      : loop(loop_in), logger(logger_in), checkpoint(checkpoint_in), log(loop_in, logger_in) {}

  event::Loop& loop;
  log::Logger& logger;
  Checkpoint& checkpoint;
  EventLog log;
  std::unique_ptr<io::Devices> devices{};  // never null after Runtime::open()
  recording::Recorder engine{};
  Routers routers{};
  core::Actions actions{};                // of this turn, not carried out yet
  std::vector<core::RouterId> touched{};  // routers that may have changed in this turn

  const io::InterfaceTable& interfaces() const { return devices->interfaces(); }
};

}  // namespace tandem::vrrpd::daemon
