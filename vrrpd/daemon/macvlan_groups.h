// SPDX-License-Identifier: Apache-2.0
// Adds the groups of `vrrp autoconfigure` to a configuration: finds the macvlans of other programs, waits until new ones
// have settled, and logs those that make no group. Runs on the management thread. autoconfiguration.h has the rules.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "lib/event/loop.h"
#include "lib/log/log.h"
#include "vrrpd/daemon/autoconfiguration.h"
#include "vrrpd/daemon/protocol.h"

namespace tandem::vrrpd::daemon {

class MacvlanGroups {
 public:
  // Keeps references. `on_due` is called when a macvlan has settled: the groups are to be made anew.
  MacvlanGroups(event::Loop& loop, log::Logger& logger, const Protocol& protocol, event::Handler on_due)
      : logger_(logger), protocol_(protocol), next_look_(loop, std::move(on_due)) {}

  // The configuration with the groups of the macvlans that exist now, if it asks for them. `debug`: the topics in force.
  config::Config add_to(const config::Config& configured, const std::set<config::DebugTopic>& debug);

 private:
  void log_left_out(const std::vector<std::string>& left_out);

  log::Logger& logger_;
  const Protocol& protocol_;
  event::Timer next_look_;
  SettledMacvlans macvlans_;
  std::set<std::string> left_out_;  // as last logged
};

}  // namespace tandem::vrrpd::daemon
