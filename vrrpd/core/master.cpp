// SPDX-License-Identifier: Apache-2.0
// Master, "Active" in RFC 9568 (§6.4.3; RFC 3768 §6.4.3): advertises, and owns the addresses.
//
//   ┌────────┐ ── advert of higher priority, or equal from a higher address ──► Backup      (lets go, follows: R63)
//   │ Master │
//   └────────┘ ── shutdown, obstacle ─────────────────────────────────────────► Initialize  (priority 0, lets go)
//     │    ▲
//     │    │                           effect
//     └────┘ Adver_Timer               advert; on schedule (R61)
//            advert of priority 0      advert at once, timer := interval (R62)
//            another that loses        v3: advert at once (R66); v2: nothing (R65)
//            either of these           announce again a little later: the other may have announced after us
//
// Preempt_Mode is not consulted (R67). Answers at once are limited: see kMaxImmediateAdvertisements.
#include <algorithm>

#include "vrrpd/core/router.h"

namespace tandem::vrrpd::core {

void Router::enter_master(Cause cause, const std::optional<MasterInfo>& peer, TimePoint now, Actions& actions) {
  Transition change{.from = saved_.state, .to = State::master, .cause = cause};
  if (peer) {
    change.peer = peer->address;
    change.peer_priority = peer->priority;
  }
  saved_.master.reset();
  saved_.startup.holds = false;
  saved_.master_timer = {.immediate_since = now};
  advertise_at_once(now, actions);  // before anything else: it ends the mastership of others (R45)
  actions.push_back({id_, OwnershipChanged{true}});
  announce(config_.addresses, actions);
  transition(change, actions);
}

void Router::receive_in_master(const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions) {
  const std::uint8_t priority = received.fields.priority;
  if (priority == packet::kPriorityRelease) {
    announce_again_soon(now);
    if (may_advertise_immediately(now)) {
      advertise_at_once(now, actions);
    }
    return;
  }
  if (priority > effective_priority()) {
    step_down(Cause::higher_priority, received, now, actions);
    return;
  }
  // Unsigned, in network byte order, with the address that we send from (R64). Equal addresses never get here (X9).
  if (priority == effective_priority() && received.source > *saved_.source) {
    step_down(Cause::equal_priority_higher_address, received, now, actions);
    return;
  }
  suspect_form(received, now, actions);
  announce_again_soon(now);
  if (config_.version == Version::v3 && may_advertise_immediately(now)) {
    advertise(effective_priority(), actions);  // Adver_Timer is not touched (RFC 9568 §6.4.3)
  }
}

void Router::step_down(Cause cause, const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions) {
  actions.push_back({id_, OwnershipChanged{false}});
  enter_backup(now);
  follow(received, now, actions);
  transition({.from = State::master,
              .to = State::backup,
              .cause = cause,
              .peer = received.source,
              .peer_priority = received.fields.priority},
             actions);
}

// Keeps to the schedule: the next is due one interval after this one was due, however late it is. A Master that is more
// than an interval late (a stopped machine) does not catch up.
void Router::advance_master(TimePoint now, Actions& actions) {
  if (saved_.master_timer.announce_again && now >= *saved_.master_timer.announce_again) {
    saved_.master_timer.announce_again.reset();
    saved_.master_timer.quiet_until = now + kReannounceInterval;
    announce(config_.addresses, actions);
  }
  if (now < saved_.master_timer.next_advertisement) {
    return;
  }
  advertise(effective_priority(), actions);
  const TimePoint on_schedule = saved_.master_timer.next_advertisement + config_.advertisement_interval;
  saved_.master_timer.next_advertisement = on_schedule > now ? on_schedule : now + config_.advertisement_interval;
}

void Router::advertise_at_once(TimePoint now, Actions& actions) {
  advertise(effective_priority(), actions);
  saved_.master_timer.next_advertisement = now + config_.advertisement_interval;
}

// The other one hears our advert first, and lets go.
void Router::announce_again_soon(TimePoint now) {
  if (!saved_.master_timer.announce_again) {
    saved_.master_timer.announce_again = std::max<TimePoint>(now + kReannounceDelay, saved_.master_timer.quiet_until);
  }
}

bool Router::may_advertise_immediately(TimePoint now) {
  if (now >= saved_.master_timer.immediate_since + config_.advertisement_interval) {
    saved_.master_timer.immediate_since = now;
    saved_.master_timer.immediate_sent = 0;
  }
  if (saved_.master_timer.immediate_sent >= kMaxImmediateAdvertisements) {
    return false;
  }
  ++saved_.master_timer.immediate_sent;
  return true;
}

// The list of a Master has changed: the kernel has to follow, and hosts have to hear of what is new (R86).
void Router::replace_addresses(const std::vector<IpAddress>& before, TimePoint now, Actions& actions) {
  advertise_at_once(now, actions);
  actions.push_back({id_, OwnershipChanged{true}});
  auto added = std::make_shared<std::vector<IpAddress>>();
  for (const IpAddress& address : *config_.addresses) {
    if (std::find(before.begin(), before.end(), address) == before.end()) {
      added->push_back(address);
    }
  }
  if (!added->empty()) {
    announce(std::move(added), actions);
  }
}

// Priority 0 makes a Backup take over after Skew_Time (R60), if there is still a link to say so.
void Router::release(Actions& actions) {
  if (status_.present && status_.up) {
    advertise(packet::kPriorityRelease, actions);
  }
  actions.push_back({id_, OwnershipChanged{false}});
}

}  // namespace tandem::vrrpd::core
