// SPDX-License-Identifier: Apache-2.0
// Keeps the packet filter in step with the configuration and with the addresses of the interfaces, on the management
// thread: loading rules takes some 20 ms. What is new in a configuration is filtered before it is applied, and what is
// gone is filtered until it has been applied, so that nothing depends on who is faster.
#pragma once

#include "lib/event/loop.h"
#include "lib/log/log.h"
#include "vrrpd/daemon/protocol.h"
#include "vrrpd/filter/filter.h"

namespace tandem::vrrpd::daemon {

class FilterKeeper {
 public:
  // Keeps references.
  FilterKeeper(log::Logger& logger, filter::Filter& filter, const Protocol& protocol)
      : logger_(logger), filter_(filter), protocol_(protocol) {}

  // Before `wanted` takes the place of what runs. Fails if a group would accept what it must not: "vrrp 5 on eth1:
  // accept-mode cannot be switched off: …". (That an owner's interface answers too is logged only.)
  base::Result<> prepare(const config::Config& wanted);
  // What is running, or the interfaces, have changed. Returns whether all its rules are loaded; if not, it is logged,
  // once, and to be tried again.
  bool follow(const config::Config& running);

 private:
  filter::Surroundings surroundings_of(const config::Config& config) const;
  base::Result<> judge(const base::Result<>& loaded, const config::Config& config, const filter::Rules& rules);
  template <const log::Message& M>
  void report(const std::string& problem);

  log::Logger& logger_;
  filter::Filter& filter_;
  const Protocol& protocol_;
  std::string reported_;  // what went wrong last: told once
};

}  // namespace tandem::vrrpd::daemon
