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
#include "vrrpd/core/backup.h"

#include <algorithm>

#include "vrrpd/core/checksum_form.h"
#include "vrrpd/core/startup_delay.h"

namespace tandem::vrrpd::core {

namespace {

MasterInfo sender_of(const packet::ReceivedAdvertisement& received) {
  return {received.source, received.fields.priority, std::chrono::duration_cast<Duration>(received.fields.interval)};
}

TimePoint master_down_deadline(const RouterData& router) {
  return router.saved.backup.set_at +
         (router.saved.backup.released ? router.current_skew_time() : router.current_master_down_interval());
}

std::optional<TimePoint> hold_deadline(const RouterData& router) {
  return router.saved.backup.hold_since && !router.saved.startup.holds
             ? std::optional(*router.saved.backup.hold_since + router.config.preempt_delay)
             : std::nullopt;
}

}  // namespace

void enter_backup(RouterData& router, TimePoint now) {
  router.saved.backup = {.set_at = now};
  router.saved.master.reset();
  router.saved.startup.holds = false;
}

void receive_in_backup(RouterData& router, const packet::ReceivedAdvertisement& received, TimePoint now,
                       Actions& actions) {
  const std::uint8_t priority = received.fields.priority;
  if (priority == packet::kPriorityRelease) {
    if (!router.saved.backup.released) {  // the first counts: repeated ones must not hold us off (X14)
      router.saved.backup.set_at = now;
      router.saved.backup.released = true;
    }
    router.saved.backup.not_followed = sender_of(received);
    return;
  }
  if (priority >= router.effective_priority()) {
    router.saved.backup.hold_since.reset();
    follow(router, received, now, actions);
    return;
  }
  const bool preempts = router.owner || router.config.preempt;  // an owner always does (R68: RFC 9568 §6.1)
  if (!preempts) {
    follow(router, received, now, actions);
    return;
  }
  const bool delayed = !router.owner && router.config.preempt_delay > Duration::zero();
  if (!delayed && !router.saved.startup.holds) {
    router.saved.backup.not_followed = sender_of(received);
    suspect_form(router, received, now, actions);
    return;
  }
  if (delayed && !router.saved.backup.hold_since) {
    router.saved.backup.hold_since = now;
  }
  follow(router, received, now, actions);
}

void follow(RouterData& router, const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions) {
  learn_form(router, received, actions);
  router.saved.master = sender_of(received);
  router.saved.backup.set_at = now;
  router.saved.backup.released = false;
  router.saved.backup.not_followed.reset();
  if (router.config.version == Version::v3) {  // v2 has one interval for all (RFC 3768 §7.1)
    router.saved.backup.learned_interval = router.saved.master->advertisement_interval;
  }
}

std::optional<Takeover> advance_backup(RouterData& router, TimePoint now, Actions& actions) {
  if (router.saved.startup.holds && now >= router.startup_delay_end()) {
    if (auto takeover = end_startup_delay(router, actions)) {
      return takeover;
    }
  }
  if (router.waits_for_startup_delay()) {
    return std::nullopt;
  }
  const TimePoint down = master_down_deadline(router);
  const std::optional<TimePoint> hold = hold_deadline(router);
  const bool delay_over = hold && *hold <= down;
  if (now < (delay_over ? *hold : down)) {
    return std::nullopt;
  }
  const BackupTimer& timer = router.saved.backup;
  const std::optional<MasterInfo>& master = router.saved.master;
  if (delay_over) {
    return Takeover{Cause::preempt_delay_over, master};
  }
  if (timer.released) {
    return Takeover{Cause::master_released, master ? master : timer.not_followed};
  }
  if (timer.not_followed) {
    return Takeover{Cause::preempting, timer.not_followed};
  }
  return Takeover{Cause::master_down, master};
}

// The deadlines follow from what has changed by themselves.
std::optional<Takeover> reconfigured_in_backup(RouterData& router, bool became_owner) {
  if (became_owner && !router.saved.startup.holds) {
    return Takeover{Cause::owner, router.saved.master};
  }
  const std::optional<MasterInfo>& master = router.saved.master;
  if (!router.config.preempt || !master || master->priority >= router.effective_priority()) {
    router.saved.backup.hold_since.reset();  // there is no Master to preempt any more
  }
  return std::nullopt;
}

TimePoint backup_deadline(const RouterData& router) {
  if (router.waits_for_startup_delay()) {
    return router.startup_delay_end();
  }
  const TimePoint deadline = std::min(master_down_deadline(router), hold_deadline(router).value_or(TimePoint::max()));
  return router.saved.startup.holds ? std::min(deadline, router.startup_delay_end()) : deadline;
}

}  // namespace tandem::vrrpd::core
