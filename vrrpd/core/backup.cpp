// SPDX-License-Identifier: Apache-2.0
// Backup (RFC 9568 §6.4.2, RFC 3768 §6.4.2): follows a Master, silently.
//
//                     Master_Down_Timer fires, preempt delay over, we become owner
//   ┌────────┐ ─────────────────────────────────────────────────────────────────► Master
//   │ Backup │
//   └────────┘ ── shutdown, obstacle ──► Initialize
//     │    ▲
//     │    │ advert of            effect
//     └────┘ priority 0           timer := Skew_Time (R46)
//            ≥ ours               follow: learn the interval, timer := Master_Down_Interval (R47, R50, R73, X8)
//            < ours, no preempt   follow (R49)
//            < ours, preempt      discard, the timer runs on (R48)
//            < ours, preempt delayed: start the delay once and follow; an advert ≥ ours ends it
//            < ours, startup delay runs: follow (startup_delay.cpp)
#include <algorithm>

#include "vrrpd/core/router.h"
#include "vrrpd/core/timing.h"

namespace tandem::vrrpd::core {

namespace {

MasterInfo sender_of(const packet::ReceivedAdvertisement& received) {
  return {received.source, received.fields.priority, std::chrono::duration_cast<Duration>(received.fields.interval)};
}

}  // namespace

void Router::enter_backup(TimePoint now) {
  saved_.backup = {.set_at = now};
  saved_.master.reset();
  saved_.startup.holds = false;
}

void Router::receive_in_backup(const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions) {
  const std::uint8_t priority = received.fields.priority;
  if (priority == packet::kPriorityRelease) {
    if (!saved_.backup.released) {  // the first counts: repeated ones must not hold us off (X14)
      saved_.backup.set_at = now;
      saved_.backup.released = true;
    }
    saved_.backup.not_followed = sender_of(received);
    return;
  }
  if (priority >= effective_priority()) {
    saved_.backup.hold_since.reset();
    follow(received, now, actions);
    return;
  }
  const bool preempts = owner_ || config_.preempt;  // an owner always does (R68: RFC 9568 §6.1)
  if (!preempts) {
    follow(received, now, actions);
    return;
  }
  const bool delayed = !owner_ && config_.preempt_delay > Duration::zero();
  if (!delayed && !saved_.startup.holds) {
    saved_.backup.not_followed = sender_of(received);
    suspect_form(received, now, actions);
    return;
  }
  if (delayed && !saved_.backup.hold_since) {
    saved_.backup.hold_since = now;
  }
  follow(received, now, actions);
}

void Router::follow(const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions) {
  learn_form(received, actions);
  saved_.master = sender_of(received);
  saved_.backup.set_at = now;
  saved_.backup.released = false;
  saved_.backup.not_followed.reset();
  if (config_.version == Version::v3) {  // v2 has one interval for all (RFC 3768 §7.1)
    saved_.backup.learned_interval = saved_.master->advertisement_interval;
  }
}

void Router::advance_backup(TimePoint now, Actions& actions) {
  if (saved_.startup.holds && now >= startup_delay_end()) {
    end_startup_delay(now, actions);
    if (saved_.state != State::backup) {
      return;
    }
  }
  if (waits_for_startup_delay()) {
    return;
  }
  const TimePoint down = master_down_deadline();
  const std::optional<TimePoint> hold = hold_deadline();
  const bool delay_over = hold && *hold <= down;
  if (now < (delay_over ? *hold : down)) {
    return;
  }
  if (delay_over) {
    enter_master(Cause::preempt_delay_over, saved_.master, now, actions);
  } else if (saved_.backup.released) {
    enter_master(Cause::master_released, saved_.master ? saved_.master : saved_.backup.not_followed, now, actions);
  } else if (saved_.backup.not_followed) {
    enter_master(Cause::preempting, saved_.backup.not_followed, now, actions);
  } else {
    enter_master(Cause::master_down, saved_.master, now, actions);
  }
}

// The deadlines follow from what has changed by themselves.
void Router::reconfigured_in_backup(TimePoint now, bool became_owner, Actions& actions) {
  if (became_owner && !saved_.startup.holds) {
    enter_master(Cause::owner, saved_.master, now, actions);
    return;
  }
  if (!config_.preempt || !saved_.master || saved_.master->priority >= effective_priority()) {
    saved_.backup.hold_since.reset();  // there is no Master to preempt any more
  }
}

TimePoint Router::backup_deadline() const {
  if (waits_for_startup_delay()) {
    return startup_delay_end();
  }
  const TimePoint deadline = std::min(master_down_deadline(), hold_deadline().value_or(TimePoint::max()));
  return saved_.startup.holds ? std::min(deadline, startup_delay_end()) : deadline;
}

TimePoint Router::master_down_deadline() const {
  return saved_.backup.set_at + (saved_.backup.released ? current_skew_time() : current_master_down_interval());
}

std::optional<TimePoint> Router::hold_deadline() const {
  return saved_.backup.hold_since && !saved_.startup.holds
             ? std::optional(*saved_.backup.hold_since + config_.preempt_delay)
             : std::nullopt;
}

}  // namespace tandem::vrrpd::core
