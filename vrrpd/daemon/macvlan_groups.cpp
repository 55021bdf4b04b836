// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/macvlan_groups.h"

#include "vrrpd/daemon/messages.h"

namespace tandem::vrrpd::daemon {

config::Config MacvlanGroups::add_to(const config::Config& configured, const std::set<config::DebugTopic>& debug) {
  next_look_.cancel();
  if (!configured.autoconfigure) {
    macvlans_.forget_all();
    left_out_.clear();
    return configured;
  }
  const std::vector<io::ForeignMacvlan> found = protocol_.foreign_macvlans();
  const std::vector<io::ForeignMacvlan> counting = macvlans_.look(found, event::monotonic_now());
  if (const auto next = macvlans_.next_look()) {
    next_look_.set(*next);
  }
  if (debug.contains(config::DebugTopic::autoconfigure)) {
    for (const io::ForeignMacvlan& macvlan : found) {
      logger_.write<kDebugMacvlan>(macvlan.name, macvlan.parent, macvlan.vrid.value(), base::to_string(macvlan.family),
                                   macvlan.addresses.size());
    }
  }
  Autoconfigured result = autoconfigured(configured, counting);
  log_left_out(result.left_out);
  return std::move(result.config);
}

void MacvlanGroups::log_left_out(const std::vector<std::string>& left_out) {
  for (const std::string& reason : left_out) {
    if (!left_out_.contains(reason)) {
      logger_.write<kLeftOut>(reason);
    }
  }
  left_out_ = {left_out.begin(), left_out.end()};
}

}  // namespace tandem::vrrpd::daemon
