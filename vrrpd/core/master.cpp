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
#include "vrrpd/core/master.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "vrrpd/core/checksum_form.h"
#include "vrrpd/core/limits.h"
#include "vrrpd/core/output.h"

namespace tandem::vrrpd::core {

namespace {

// The other one hears our advert first, and lets go.
void announce_again_soon(RouterData& router, TimePoint now) {
  if (!router.saved.master_timer.announce_again) {
    router.saved.master_timer.announce_again =
        std::max<TimePoint>(now + kReannounceDelay, router.saved.master_timer.quiet_until);
  }
}

bool may_advertise_immediately(RouterData& router, TimePoint now) {
  if (now >= router.saved.master_timer.immediate_since + router.config.advertisement_interval) {
    router.saved.master_timer.immediate_since = now;
    router.saved.master_timer.immediate_sent = 0;
  }
  if (router.saved.master_timer.immediate_sent >= kMaxImmediateAdvertisements) {
    return false;
  }
  ++router.saved.master_timer.immediate_sent;
  return true;
}

}  // namespace

void enter_master(RouterData& router, const Takeover& takeover, TimePoint now, Actions& actions) {
  Transition change{.from = router.saved.state, .to = State::master, .cause = takeover.cause};
  if (takeover.peer) {
    change.peer = takeover.peer->address;
    change.peer_priority = takeover.peer->priority;
  }
  router.saved.master.reset();
  router.saved.startup.holds = false;
  router.saved.master_timer = {.immediate_since = now};
  advertise_at_once(router, now, actions);  // before anything else: it ends the mastership of others (R45)
  actions.push_back({router.id, OwnershipChanged{true}});
  announce(router, router.config.addresses, actions);
  transition(router, change, actions);
}

std::optional<Cause> receive_in_master(RouterData& router, const packet::ReceivedAdvertisement& received, TimePoint now,
                                       Actions& actions) {
  const std::uint8_t priority = received.fields.priority;
  if (priority == packet::kPriorityRelease) {
    announce_again_soon(router, now);
    if (may_advertise_immediately(router, now)) {
      advertise_at_once(router, now, actions);
    }
    return std::nullopt;
  }
  if (priority > router.effective_priority()) {
    return Cause::higher_priority;
  }
  // Unsigned, in network byte order, with the address that we send from (R64). Equal addresses never get here (X9).
  if (priority == router.effective_priority() && received.source > *router.saved.source) {
    return Cause::equal_priority_higher_address;
  }
  suspect_form(router, received, now, actions);
  announce_again_soon(router, now);
  if (router.config.version == Version::v3 && may_advertise_immediately(router, now)) {
    advertise(router, router.effective_priority(), actions);  // Adver_Timer is not touched (RFC 9568 §6.4.3)
  }
  return std::nullopt;
}

// Keeps to the schedule: the next is due one interval after this one was due, however late it is. A Master that is more
// than an interval late (a stopped machine) does not catch up.
void advance_master(RouterData& router, TimePoint now, Actions& actions) {
  if (router.saved.master_timer.announce_again && now >= *router.saved.master_timer.announce_again) {
    router.saved.master_timer.announce_again.reset();
    router.saved.master_timer.quiet_until = now + kReannounceInterval;
    announce(router, router.config.addresses, actions);
  }
  if (now < router.saved.master_timer.next_advertisement) {
    return;
  }
  advertise(router, router.effective_priority(), actions);
  const TimePoint on_schedule = router.saved.master_timer.next_advertisement + router.config.advertisement_interval;
  router.saved.master_timer.next_advertisement =
      on_schedule > now ? on_schedule : now + router.config.advertisement_interval;
}

void advertise_at_once(RouterData& router, TimePoint now, Actions& actions) {
  advertise(router, router.effective_priority(), actions);
  router.saved.master_timer.next_advertisement = now + router.config.advertisement_interval;
}

// The list of a Master has changed: the kernel has to follow, and hosts have to hear of what is new (R86).
void replace_addresses(RouterData& router, const std::vector<IpAddress>& before, TimePoint now, Actions& actions) {
  advertise_at_once(router, now, actions);
  actions.push_back({router.id, OwnershipChanged{true}});
  auto added = std::make_shared<std::vector<IpAddress>>();
  for (const IpAddress& address : *router.config.addresses) {
    if (std::find(before.begin(), before.end(), address) == before.end()) {
      added->push_back(address);
    }
  }
  if (!added->empty()) {
    announce(router, std::move(added), actions);
  }
}

// Priority 0 makes a Backup take over after Skew_Time (R60), if there is still a link to say so.
void release(RouterData& router, Actions& actions) {
  if (router.status.present && router.status.up) {
    advertise(router, packet::kPriorityRelease, actions);
  }
  actions.push_back({router.id, OwnershipChanged{false}});
}

TimePoint master_deadline(const RouterData& router) {
  const MasterTimer& timer = router.saved.master_timer;
  return std::min(timer.next_advertisement, timer.announce_again.value_or(TimePoint::max()));
}

}  // namespace tandem::vrrpd::core
