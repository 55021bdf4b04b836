// SPDX-License-Identifier: Apache-2.0
// Keeps the packet filter in step with the configuration and with the addresses of the interfaces, on the management
// thread: loading rules takes some 20 ms. The rules of a new configuration are loaded before it is applied, and those of
// the old one are removed after that, so that the order of the two threads does not matter.
#pragma once

#include <optional>
#include <string>

#include "lib/event/loop.h"
#include "lib/log/log.h"
#include "vrrpd/daemon/protocol.h"
#include "vrrpd/filter/filter.h"

namespace tandem::vrrpd::daemon {

class FilterKeeper {
 public:
  struct Dependencies {
    event::Loop& loop;  // of the management thread
    log::Logger& logger;
    filter::Filter& filter;
    const Protocol& protocol;
    const config::Config& running;  // the configuration that runs, whichever that is at the time
  };
  explicit FilterKeeper(const Dependencies& dependencies);

  // Before `wanted` takes the place of what runs. Fails if a group would accept what it must not: "vrrp 5 on eth1:
  // accept-mode cannot be switched off: …". (That an owner's interface answers too is logged only.)
  base::Result<> prepare(const config::Config& wanted);
  // The running configuration has changed: loads its rules now. On failure it logs why, once, and tries again later.
  void follow();
  // Interfaces or addresses have changed: the same after kFilterDelay, once for all changes until then.
  void follow_soon();

 private:
  bool load_running();
  void follow_at(base::TimePoint when);
  filter::MachineState machine_state(const config::Config& config) const;
  base::Result<> judge(const base::Result<>& loaded, const config::Config& config, const filter::Rules& rules);
  template <const log::Message& M>
  void report(const std::string& problem);

  log::Logger& logger_;
  filter::Filter& filter_;
  const Protocol& protocol_;
  const config::Config& running_;
  event::Timer timer_;
  std::optional<base::TimePoint> due_;  // of the timer
  base::Duration retry_;                // after the next failure
  std::string reported_;                // the last failure that was logged
};

}  // namespace tandem::vrrpd::daemon
