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
  backup_ = {.set_at = now};
  master_.reset();
  startup_.holds = false;
}

void Router::receive_in_backup(const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions) {
  const std::uint8_t priority = received.fields.priority;
  if (priority == packet::kPriorityRelease) {
    if (!backup_.released) {  // the first counts: repeated ones must not hold us off (X14)
      backup_.set_at = now;
      backup_.released = true;
    }
    backup_.not_followed = sender_of(received);
    return;
  }
  if (priority >= effective_priority()) {
    backup_.hold_since.reset();
    follow(received, now, actions);
    return;
  }
  const bool preempts = owner_ || config_.preempt;  // an owner always does (R68: RFC 9568 §6.1)
  if (!preempts) {
    follow(received, now, actions);
    return;
  }
  const bool delayed = !owner_ && config_.preempt_delay > Duration::zero();
  if (!delayed && !startup_.holds) {
    backup_.not_followed = sender_of(received);
    suspect_form(received, now, actions);
    return;
  }
  if (delayed && !backup_.hold_since) {
    backup_.hold_since = now;
  }
  follow(received, now, actions);
}

void Router::follow(const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions) {
  learn_form(received, actions);
  master_ = sender_of(received);
  backup_.set_at = now;
  backup_.released = false;
  backup_.not_followed.reset();
  if (config_.version == Version::v3) {  // v2 has one interval for all (RFC 3768 §7.1)
    backup_.learned_interval = master_->advertisement_interval;
  }
}

void Router::advance_backup(TimePoint now, Actions& actions) {
  if (startup_.holds && now >= startup_delay_end()) {
    end_startup_delay(now, actions);
    if (state_ != State::backup) {
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
    enter_master(Cause::preempt_delay_over, master_, now, actions);
  } else if (backup_.released) {
    enter_master(Cause::master_released, master_ ? master_ : backup_.not_followed, now, actions);
  } else if (backup_.not_followed) {
    enter_master(Cause::preempting, backup_.not_followed, now, actions);
  } else {
    enter_master(Cause::master_down, master_, now, actions);
  }
}

// The deadlines follow from what has changed by themselves.
void Router::reconfigured_in_backup(TimePoint now, bool became_owner, Actions& actions) {
  if (became_owner && !startup_.holds) {
    enter_master(Cause::owner, master_, now, actions);
    return;
  }
  if (!config_.preempt || !master_ || master_->priority >= effective_priority()) {
    backup_.hold_since.reset();  // there is no Master to preempt any more
  }
}

TimePoint Router::backup_deadline() const {
  if (waits_for_startup_delay()) {
    return startup_delay_end();
  }
  const TimePoint deadline = std::min(master_down_deadline(), hold_deadline().value_or(TimePoint::max()));
  return startup_.holds ? std::min(deadline, startup_delay_end()) : deadline;
}

TimePoint Router::master_down_deadline() const {
  return backup_.set_at + (backup_.released ? current_skew_time() : current_master_down_interval());
}

std::optional<TimePoint> Router::hold_deadline() const {
  return backup_.hold_since && !startup_.holds ? std::optional(*backup_.hold_since + config_.preempt_delay)
                                               : std::nullopt;
}

}  // namespace tandem::vrrpd::core
