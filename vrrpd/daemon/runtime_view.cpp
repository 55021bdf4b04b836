// SPDX-License-Identifier: Apache-2.0
// What `show` and the packet filter ask the runtime.
#include "vrrpd/daemon/runtime.h"

namespace tandem::vrrpd::daemon {

mgmt::RouterView Runtime::view(const config::RouterKey& key, const config::Group& group) const {
  mgmt::RouterView view;
  view.family = key.family;
  view.virtual_mac = packet::virtual_mac(key.vrid, key.family);
  view.primary = watch_.status_in(key, group.vrf).primary;
  view.effective_priority = group.priority;
  const auto id = context_.routers.find(key);
  if (!id) {
    return view;
  }
  const RouterEntry& entry = context_.routers.at(*id);
  const core::Router& router = *entry.router;
  view.exists = true;
  if (const io::Interface* device = context_.interfaces().find(context_.devices->device_of(*id))) {
    view.device = device->link.name;
  }
  view.state = router.state();
  view.initialize_reason = router.initialize_reason();
  view.hindrance = explanations_.hindrance(*id);
  view.warnings = explanations_.warnings(*id);
  view.effective_priority = router.effective_priority();
  view.master_advertisement_interval = router.master_advertisement_interval();
  view.skew_time = router.current_skew_time();
  view.master_down_interval = router.current_master_down_interval();
  view.checksum_with_pseudoheader = router.checksum_sent() == packet::ChecksumForm::pseudoheader;
  view.master = router.master();
  if (const auto until = router.held_until()) {
    view.startup_delay_left = *until - event::monotonic_now();
  }
  view.since = entry.past->since;
  if (!entry.past->transitions.empty()) {
    view.last_transition = entry.past->transitions.back();
  }
  view.statistics = router.statistics();
  if (const packet::DropCounters* const drops = receiver_.unattributed(key.interface, key.family)) {
    view.statistics.drops += *drops;
  }
  view.addresses = *router.config().addresses;
  return view;
}

std::vector<mgmt::PastTransition> Runtime::history(const config::RouterKey& key) const {
  const auto id = context_.routers.find(key);
  return id ? context_.routers.at(*id).past->transitions : std::vector<mgmt::PastTransition>();
}

void Runtime::clear_statistics(const config::RouterKey& key) {
  if (const auto id = context_.routers.find(key)) {
    context_.engine.set_statistics(*id, {});
    receiver_.clear_unattributed(key.interface, key.family);
  }
}

bool Runtime::is_refused(const config::RouterKey& key) const {
  const auto id = context_.routers.find(key);
  return id && (context_.devices->outcome(*id).state == io::Outcome::State::refused ||
                watch_.status_in(key, context_.routers.at(*id).vrf).other_vrf);
}

}  // namespace tandem::vrrpd::daemon
