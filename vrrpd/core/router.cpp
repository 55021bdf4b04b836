// SPDX-License-Identifier: Apache-2.0
// What the states have in common: events that concern each of them, and the numbers that are shown.
#include "vrrpd/core/router.h"

#include <algorithm>

#include "lib/base/overloaded.h"
#include "vrrpd/core/timing.h"

namespace tandem::vrrpd::core {

Router::Router(RouterId id, RouterConfig config, InterfaceStatus status)
    : id_(id), config_(std::move(config)), status_(std::move(status)), saved_{.source = status_.primary} {
  adopt(RouterConfig(config_));
}

Router::Router(RouterId id, RouterConfig config, InterfaceStatus status, const SavedState& saved)
    : Router(id, std::move(config), std::move(status)) {
  saved_ = saved;
}

void Router::handle(const Event& event, TimePoint now, Actions& actions) {
  std::visit(base::Overloaded{[&](const Configured& e) { on_configured(e.config, now, actions); },
                              [&](const InterfaceChanged& e) { on_interface_changed(e.status, now, actions); },
                              [&](const AdvertisementReceived& e) { on_advertisement(e.advertisement, now, actions); },
                              [&](const PacketRejected& e) { on_rejected(e, actions); },
                              [&](const StopRequested&) { on_stop_requested(actions); }},
             event);
}

void Router::advance(TimePoint now, Actions& actions) {
  switch (saved_.state) {
    case State::initialize:
      return;
    case State::backup:
      return advance_backup(now, actions);
    case State::master:
      return advance_master(now, actions);
  }
}

std::optional<TimePoint> Router::deadline() const {
  switch (saved_.state) {
    case State::initialize:
      return std::nullopt;
    case State::backup:
      return backup_deadline();
    case State::master:
      return std::min(saved_.master_timer.next_advertisement,
                      saved_.master_timer.announce_again.value_or(TimePoint::max()));
  }
  return std::nullopt;
}

void Router::adopt(const RouterConfig& next) {
  TANDEM_INVARIANT(next.family == config_.family && next.vrid == config_.vrid);
  TANDEM_INVARIANT(next.advertisement_interval > Duration::zero());
  TANDEM_INVARIANT(next.addresses->size() <= kMaxIpv4Addresses);
  config_ = next;
  sorted_addresses_ = *config_.addresses;
  std::sort(sorted_addresses_.begin(), sorted_addresses_.end());
  refresh_owner();
}

// The owner is the router that has a virtual address on its interface (RFC 9568 §1.7), not on another one (X11); it is
// not configured.
void Router::refresh_owner() {
  owner_ = std::any_of(status_.addresses.begin(), status_.addresses.end(), [&](const IpAddress& address) {
    return std::binary_search(sorted_addresses_.begin(), sorted_addresses_.end(), address);
  });
}

void Router::on_configured(const RouterConfig& next, TimePoint now, Actions& actions) {
  // What has to end ends with the configuration that the peers know.
  if (const InitializeReason reason = obstacle(next); reason != InitializeReason::none) {
    stop(Cause::initialize, reason, actions);
  } else if (next.version != config_.version) {
    stop(Cause::reconfigured, InitializeReason::none, actions);
  }
  const RouterConfig before = config_;
  const std::uint8_t priority_before = effective_priority();
  const bool was_owner = owner_;
  adopt(next);
  switch (saved_.state) {
    case State::initialize:
      return start_if_ready(now, actions);
    case State::backup:
      refresh_startup_delay(now, actions);
      return reconfigured_in_backup(now, owner_ && !was_owner, actions);
    case State::master:
      if (*config_.addresses != *before.addresses) {
        replace_addresses(*before.addresses, now, actions);
      } else if (effective_priority() != priority_before ||
                 config_.advertisement_interval != before.advertisement_interval ||
                 config_.also_version_2 != before.also_version_2) {
        advertise_at_once(now, actions);
      }
      return;
  }
}

// A new primary address is said at once: peers decide ties by it (X10).
void Router::on_interface_changed(const InterfaceStatus& next, TimePoint now, Actions& actions) {
  const bool source_changed = next.primary && next.primary != saved_.source;
  const bool was_owner = owner_;
  if (!next.up || next.counts_from != status_.counts_from) {
    saved_.startup.heard = false;
  }
  status_ = next;
  if (next.primary) {
    saved_.source = next.primary;
  }
  if (const InitializeReason reason = obstacle(config_); reason != InitializeReason::none) {
    stop(Cause::initialize, reason, actions);  // from the last known address, if that is what is gone
  }
  refresh_owner();
  switch (saved_.state) {
    case State::initialize:
      return start_if_ready(now, actions);
    case State::backup:
      refresh_startup_delay(now, actions);
      return reconfigured_in_backup(now, owner_ && !was_owner, actions);
    case State::master:
      if (source_changed || owner_ != was_owner) {
        advertise_at_once(now, actions);
      }
      return;
  }
}

void Router::on_advertisement(const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions) {
  if (saved_.state == State::initialize) {
    return;
  }
  if (const std::optional<packet::Drop> reason = refusal(received)) {
    on_refused(*reason, received, actions);
    return;
  }
  if (is_said_by_version_3(received, now, actions)) {
    return;
  }
  account(received, actions);
  if (saved_.startup.holds && now >= startup_delay_end()) {  // before this advert
    end_startup_delay(now, actions);
    if (saved_.state == State::master) {  // which has just said more than an answer would
      return;
    }
  }
  saved_.startup.heard = true;
  if (saved_.state == State::backup) {
    receive_in_backup(received, now, actions);
  } else {
    receive_in_master(received, now, actions);
  }
}

void Router::on_rejected(const PacketRejected& rejected, Actions& actions) {
  statistics_.drops.count(rejected.reason);
  actions.push_back({id_, Noticed{.notice = Notice::packet_dropped, .drop = rejected.reason, .peer = rejected.source}});
}

void Router::on_refused(packet::Drop reason, const packet::ReceivedAdvertisement& received, Actions& actions) {
  statistics_.drops.count(reason);
  actions.push_back({id_, Noticed{.notice = Notice::packet_dropped,
                                  .drop = reason,
                                  .peer = received.source,
                                  .interval = received.fields.interval,
                                  .difference = reason == packet::Drop::address_list ? difference_of(received.addresses)
                                                                                     : AddressDifference{}}});
}

void Router::on_stop_requested(Actions& actions) {
  saved_.stopping = true;
  stop(Cause::initialize, InitializeReason::stopping, actions);
}

void Router::advertise(std::uint8_t priority, Actions& actions) {
  advertise_as(config_.version, priority, actions);
  if (config_.also_version_2) {
    advertise_as(Version::v2, priority, actions);
  }
}

void Router::advertise_as(Version version, std::uint8_t priority, Actions& actions) {
  ++statistics_.advertisements_sent;
  if (priority == packet::kPriorityRelease) {
    ++statistics_.priority_zero_sent;
  }
  const packet::Advertisement advertisement{
      .version = version,
      .vrid = config_.vrid,
      .priority = priority,
      .interval = std::chrono::ceil<base::Centiseconds>(config_.advertisement_interval),
      .checksum = version == Version::v2 ? packet::ChecksumForm::message_only : checksum_sent()};
  actions.push_back({id_, SendAdvertisement{advertisement, *saved_.source, config_.addresses}});
}

void Router::announce(AddressList addresses, Actions& actions) {
  statistics_.announcements_sent += addresses->size();
  actions.push_back({id_, Announce{std::move(addresses)}});
}

void Router::transition(const Transition& transition, Actions& actions) {
  saved_.state = transition.to;
  ++statistics_.transitions;
  actions.push_back({id_, Transitioned{transition}});
}

// The Master's, once one is heard; until then, and as Master, our own (R74, R75).
Duration Router::master_advertisement_interval() const {
  switch (saved_.state) {
    case State::initialize:
      return Duration::zero();
    case State::backup:
      return saved_.backup.learned_interval.value_or(config_.advertisement_interval);
    case State::master:
      return config_.advertisement_interval;
  }
  return Duration::zero();
}

Duration Router::current_skew_time() const {
  return saved_.state == State::initialize
             ? Duration::zero()
             : skew_time(config_.version, effective_priority(), master_advertisement_interval());
}

Duration Router::current_master_down_interval() const {
  return saved_.state == State::initialize
             ? Duration::zero()
             : master_down_interval(config_.version, effective_priority(), master_advertisement_interval());
}

packet::ChecksumForm Router::checksum_sent() const {
  if (config_.version == Version::v2) {
    return packet::ChecksumForm::message_only;
  }
  if (config_.family == Family::ipv6) {
    return packet::ChecksumForm::pseudoheader;
  }
  switch (config_.checksum) {
    case ChecksumMode::automatic:
      return saved_.heard_form.value_or(packet::ChecksumForm::pseudoheader);
    case ChecksumMode::pseudoheader:
      return packet::ChecksumForm::pseudoheader;
    case ChecksumMode::message_only:
      return packet::ChecksumForm::message_only;
  }
  return packet::ChecksumForm::pseudoheader;
}

}  // namespace tandem::vrrpd::core
