// SPDX-License-Identifier: Apache-2.0
// Initialize (RFC 9568 §6.4.1, RFC 3768 §6.4.1): waits until nothing stands in the way. Adverts have no effect here.
//
//                       every obstacle gone
//   ┌────────────┐ ────── we own an address ──────► Master   (R37: advert, claim, announce)
//   │ Initialize │                          unless the startup delay runs: Backup
//   └────────────┘ ────── else ───────────────────► Backup   (R38: timer := Master_Down_Interval of our own interval)
//         ▲
//         └── obstacle, stop, restart ── from Backup (sends nothing: R44) and Master (advert of priority 0, lets go)
#include "vrrpd/core/router.h"

namespace tandem::vrrpd::core {

// The first of these is what the operator has to look at first. Nothing is sent before the device is ready (R83, R84).
InitializeReason Router::obstacle(const RouterConfig& config) const {
  if (saved_.stopping) {
    return InitializeReason::stopping;
  }
  if (config.shutdown) {
    return InitializeReason::shutdown;
  }
  if (!status_.present) {
    return InitializeReason::no_interface;
  }
  if (status_.other_vrf) {
    return InitializeReason::other_vrf;
  }
  if (!status_.up) {
    return InitializeReason::interface_down;
  }
  if (!status_.primary) {
    return InitializeReason::no_primary_address;
  }
  if (config.addresses->empty()) {
    return InitializeReason::no_virtual_addresses;
  }
  if (!status_.device_ready) {
    return InitializeReason::no_device;
  }
  return InitializeReason::none;
}

InitializeReason Router::initialize_reason() const {
  return saved_.state == State::initialize ? obstacle(config_) : InitializeReason::none;
}

void Router::start_if_ready(TimePoint now, Actions& actions) {
  if (saved_.state != State::initialize || obstacle(config_) != InitializeReason::none) {
    return;
  }
  if (owner_ && now >= startup_delay_end()) {
    enter_master(Cause::owner, std::nullopt, now, actions);
    return;
  }
  enter_backup(now);
  transition({.from = State::initialize, .to = State::backup, .cause = Cause::startup}, actions);
  refresh_startup_delay(now, actions);
}

void Router::stop(Cause cause, InitializeReason reason, Actions& actions) {
  if (saved_.state == State::initialize) {
    return;
  }
  if (saved_.state == State::master) {
    release(actions);
  }
  saved_.master.reset();
  saved_.startup.holds = false;
  transition({.from = saved_.state, .to = State::initialize, .cause = cause, .initialize_reason = reason}, actions);
}

}  // namespace tandem::vrrpd::core
