// SPDX-License-Identifier: Apache-2.0
// The process that does the work: everything but the supervision of itself (lib/supervisor).
#pragma once

#include <optional>

#include "lib/event/loop.h"
#include "lib/os/seccomp.h"
#include "lib/supervisor/shared.h"
#include "vrrpd/daemon/options.h"

namespace tandem::vrrpd::daemon {

struct WorkerSurroundings {
  const supervisor::Shared* shared = nullptr;  // none: there is no supervisor
  int listening = -1;                          // the management socket, if it is open already; taken over
  int packet_socket = -1;                      // to send with; -1: it opens one
  int filter_socket = -1;                      // to nf_tables; -1: it opens one
  std::optional<os::SystemCallFilter> filter;  // none: any system call may be made
  std::optional<supervisor::End> after = {};   // the end that has made it necessary; none: the first, or one relieved
  bool clean_up = false;         // of what the worker before has left nothing is to stay: that is all it does
  event::Handler on_ready = {};  // the configuration has been applied, or read again
};

// Runs until a signal ends it, cleans up, and returns; or what is wrong at the start. If a former worker has left
// something to go on with, the virtual routers go on first, and all else follows. Signals wait while there is no loop
// that takes them: one that came while it cleans up would end it.
base::Result<> work(const Options& options, const WorkerSurroundings& surroundings);

}  // namespace tandem::vrrpd::daemon
