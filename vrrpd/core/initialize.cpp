// SPDX-License-Identifier: Apache-2.0
// Initialize (RFC 9568 §6.4.1, RFC 3768 §6.4.1): waits until nothing stands in the way. Adverts have no effect here.
//
//                       every obstacle gone
//   ┌────────────┐ ────── we own an address ──────► Master   (R37: advert, claim, announce)
//   │ Initialize │                          unless the startup delay runs: Backup
//   └────────────┘ ────── else ───────────────────► Backup   (R38: timer := Master_Down_Interval of our own interval)
//         ▲
//         └── obstacle, stop, restart ── from Backup (sends nothing: R44) and Master (advert of priority 0, lets go)
#include "vrrpd/core/initialize.h"

namespace tandem::vrrpd::core {

// The first of these is what the operator has to look at first. Nothing is sent before the device is ready (R83, R84).
InitializeReason obstacle(const RouterData& router, const RouterConfig& config) {
  if (router.saved.stopping) {
    return InitializeReason::stopping;
  }
  if (config.shutdown) {
    return InitializeReason::shutdown;
  }
  if (!router.status.present) {
    return InitializeReason::no_interface;
  }
  if (router.status.other_vrf) {
    return InitializeReason::other_vrf;
  }
  if (!router.status.up) {
    return InitializeReason::interface_down;
  }
  if (!router.status.primary) {
    return InitializeReason::no_primary_address;
  }
  if (config.addresses->empty()) {
    return InitializeReason::no_virtual_addresses;
  }
  if (!router.status.device_ready) {
    return InitializeReason::no_device;
  }
  return InitializeReason::none;
}

State state_after_initialize(const RouterData& router, TimePoint now) {
  if (obstacle(router, router.config) != InitializeReason::none) {
    return State::initialize;
  }
  if (router.owner && now >= router.startup_delay_end()) {
    return State::master;
  }
  return State::backup;
}

}  // namespace tandem::vrrpd::core
