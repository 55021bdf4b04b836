// SPDX-License-Identifier: Apache-2.0
// Gives each event to the state of the virtual router, and makes the transitions between the states.
#include "vrrpd/core/router.h"

#include "lib/base/overloaded.h"
#include "vrrpd/core/admission.h"
#include "vrrpd/core/backup.h"
#include "vrrpd/core/coexistence.h"
#include "vrrpd/core/initialize.h"
#include "vrrpd/core/master.h"
#include "vrrpd/core/output.h"
#include "vrrpd/core/startup_delay.h"

namespace tandem::vrrpd::core {

Router::Router(RouterId id, RouterConfig config, InterfaceStatus status)
    : data_(id, std::move(config), std::move(status)) {}

Router::Router(RouterId id, RouterConfig config, InterfaceStatus status, const SavedState& saved)
    : Router(id, std::move(config), std::move(status)) {
  data_.saved = saved;
}

InitializeReason Router::initialize_reason() const {
  return state() == State::initialize ? obstacle(data_, data_.config) : InitializeReason::none;
}

// ---- events

void Router::handle(const Event& event, TimePoint now, Actions& actions) {
  std::visit(base::Overloaded{[&](const Configured& e) { on_configured(e.config, now, actions); },
                              [&](const InterfaceChanged& e) { on_interface_changed(e.status, now, actions); },
                              [&](const AdvertisementReceived& e) { on_advertisement(e.advertisement, now, actions); },
                              [&](const PacketRejected& e) { account_rejected(data_, e, actions); },
                              [&](const StopRequested&) { on_stop_requested(actions); }},
             event);
}

void Router::advance(TimePoint now, Actions& actions) {
  switch (state()) {
    case State::initialize:
      return;
    case State::backup:
      return take_over(advance_backup(data_, now, actions), now, actions);
    case State::master:
      return advance_master(data_, now, actions);
  }
}

std::optional<TimePoint> Router::deadline() const {
  switch (state()) {
    case State::initialize:
      return std::nullopt;
    case State::backup:
      return backup_deadline(data_);
    case State::master:
      return master_deadline(data_);
  }
  return std::nullopt;
}

void Router::on_configured(const RouterConfig& next, TimePoint now, Actions& actions) {
  // What has to end ends with the configuration that the peers know.
  if (const InitializeReason reason = obstacle(data_, next); reason != InitializeReason::none) {
    stop(Cause::initialize, reason, actions);
  } else if (next.version != data_.config.version) {
    stop(Cause::reconfigured, InitializeReason::none, actions);
  }
  const RouterConfig before = data_.config;
  const std::uint8_t priority_before = effective_priority();
  const bool was_owner = data_.owner;
  data_.adopt(next);
  switch (state()) {
    case State::initialize:
      return start_if_ready(now, actions);
    case State::backup:
      refresh_startup_delay(data_, now, actions);
      return take_over(reconfigured_in_backup(data_, data_.owner && !was_owner), now, actions);
    case State::master:
      if (*data_.config.addresses != *before.addresses) {
        replace_addresses(data_, *before.addresses, now, actions);
      } else if (effective_priority() != priority_before ||
                 data_.config.advertisement_interval != before.advertisement_interval ||
                 data_.config.also_version_2 != before.also_version_2) {
        advertise_at_once(data_, now, actions);
      }
      return;
  }
}

// A new primary address is said at once: peers decide ties by it (X10).
void Router::on_interface_changed(const InterfaceStatus& next, TimePoint now, Actions& actions) {
  const bool source_changed = next.primary && next.primary != data_.saved.source;
  const bool was_owner = data_.owner;
  if (!next.up || next.counts_from != data_.status.counts_from) {
    data_.saved.startup.heard = false;
  }
  data_.adopt(next);
  if (next.primary) {
    data_.saved.source = next.primary;
  }
  if (const InitializeReason reason = obstacle(data_, data_.config); reason != InitializeReason::none) {
    stop(Cause::initialize, reason, actions);  // from the last known address, if that is what is gone
  }
  switch (state()) {
    case State::initialize:
      return start_if_ready(now, actions);
    case State::backup:
      refresh_startup_delay(data_, now, actions);
      return take_over(reconfigured_in_backup(data_, data_.owner && !was_owner), now, actions);
    case State::master:
      if (source_changed || data_.owner != was_owner) {
        advertise_at_once(data_, now, actions);
      }
      return;
  }
}

void Router::on_advertisement(const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions) {
  if (state() == State::initialize) {
    return;
  }
  if (const std::optional<packet::Drop> reason = refusal(data_, received)) {
    account_refused(data_, *reason, received, actions);
    return;
  }
  if (is_said_by_version_3(data_, received, now, actions)) {
    return;
  }
  account(data_, received, actions);
  if (data_.saved.startup.holds && now >= data_.startup_delay_end()) {  // before this advert
    take_over(end_startup_delay(data_, actions), now, actions);
    if (state() == State::master) {  // which has just said more than an answer would
      return;
    }
  }
  data_.saved.startup.heard = true;
  if (state() == State::backup) {
    receive_in_backup(data_, received, now, actions);
  } else if (const std::optional<Cause> cause = receive_in_master(data_, received, now, actions)) {
    step_down(*cause, received, now, actions);
  }
}

void Router::on_stop_requested(Actions& actions) {
  data_.saved.stopping = true;
  stop(Cause::initialize, InitializeReason::stopping, actions);
}

// ---- transitions

void Router::start_if_ready(TimePoint now, Actions& actions) {
  if (state() != State::initialize) {
    return;
  }
  switch (state_after_initialize(data_, now)) {
    case State::initialize:
      return;
    case State::backup:
      enter_backup(data_, now);
      transition(data_, {.from = State::initialize, .to = State::backup, .cause = Cause::startup}, actions);
      return refresh_startup_delay(data_, now, actions);
    case State::master:
      return enter_master(data_, {.cause = Cause::owner}, now, actions);
  }
}

void Router::take_over(const std::optional<Takeover>& takeover, TimePoint now, Actions& actions) {
  if (takeover) {
    enter_master(data_, *takeover, now, actions);
  }
}

void Router::step_down(Cause cause, const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions) {
  actions.push_back({data_.id, OwnershipChanged{false}});
  enter_backup(data_, now);
  follow(data_, received, now, actions);
  transition(data_,
             {.from = State::master,
              .to = State::backup,
              .cause = cause,
              .peer = received.source,
              .peer_priority = received.fields.priority},
             actions);
}

void Router::stop(Cause cause, InitializeReason reason, Actions& actions) {
  if (state() == State::initialize) {
    return;
  }
  if (state() == State::master) {
    release(data_, actions);
  }
  data_.saved.master.reset();
  data_.saved.startup.holds = false;
  transition(data_, {.from = state(), .to = State::initialize, .cause = cause, .initialize_reason = reason}, actions);
}

}  // namespace tandem::vrrpd::core
