// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/takeover.h"

#include <fmt/format.h>

#include <algorithm>

namespace tandem::sim {

namespace {

using core::State;

TimePoint end_of_delay(const RouterFacts& router) { return router.status.counts_from + router.config.startup_delay; }

}  // namespace

void Takeover::begin(const Step& step) {
  const bool heard = heard_;
  const TimePoint link_since = link_since_;
  *this = Takeover();
  since_ = step.local;
  heard_ = heard;
  link_since_ = link_since;
}

void Takeover::look_at_link(const Step& step) {
  const core::InterfaceStatus& status = step.router.status;
  if (!status.up || status.counts_from != link_since_ || step.stimulus == Stimulus::started) {
    heard_ = false;
    link_since_ = status.counts_from;
  }
}

void Takeover::end_delay(const RouterFacts& router, TimePoint local) {
  if (delayed_ && local >= end_of_delay(router)) {
    delayed_ = false;
    since_ = heard_ ? since_ : std::max(since_, end_of_delay(router));
  }
}

Verdict Takeover::observe(const Step& step) {
  look_at_link(step);
  const bool told = step.stimulus == Stimulus::configured || step.stimulus == Stimulus::interface_changed;
  const bool stays = step.before == State::backup && step.router.state == State::backup;
  const bool hears = step.stimulus == Stimulus::advertisement && step.admissible;
  if (stays && (hears || step.stimulus == Stimulus::timer)) {  // a configuration may be later than the next advert
    end_delay(step.router, step.local);
  }
  heard_ = heard_ || (hears && step.before != State::initialize);
  if (stays && hears) {
    hear(step);
  }
  if (stays && told) {
    delayed_ = delayed_ || step.local < end_of_delay(step.router);
    if (!step.router.config.preempt || !followed_priority_ || *followed_priority_ >= step.router.priority()) {
      hold_since_.reset();
    }
  }
  for (const core::Action& action : step.actions) {
    if (const auto* transitioned = std::get_if<core::Transitioned>(&action.what)) {
      if (Verdict verdict = follow_transition(step, transitioned->transition)) {
        return verdict;
      }
    }
  }
  return std::nullopt;
}

Verdict Takeover::follow_transition(const Step& step, const core::Transition& change) {
  if (change.to == State::master) {
    if (step.local < end_of_delay(step.router) && !heard_) {
      return "became Master in the startup delay without having heard another router";
    }
    return change.from == State::backup ? check_takeover(step, change.cause) : Verdict();
  }
  if (change.to == State::backup) {
    begin(step);
    delayed_ = change.from == State::initialize && step.local < end_of_delay(step.router);
    if (change.from == State::master) {
      follow(step);
    }
  }
  return std::nullopt;
}

void Takeover::hear(const Step& step) {
  const std::uint8_t priority = step.advertisement->fields.priority;
  const RouterFacts& router = step.router;
  if (priority == packet::kPriorityRelease) {
    if (!released_) {
      released_ = true;
      since_ = step.local;
    }
    return;
  }
  if (priority >= router.priority()) {
    hold_since_.reset();
    return follow(step);
  }
  if (!router.owner && !router.config.preempt) {
    return follow(step);
  }
  const bool preempt_delayed = !router.owner && router.config.preempt_delay > Duration::zero();
  if (preempt_delayed) {
    hold_since_ = hold_since_.value_or(step.local);
  }
  if (preempt_delayed || delayed_) {
    follow(step);
  }
}

void Takeover::follow(const Step& step) {
  since_ = step.local;
  released_ = false;
  followed_priority_ = step.advertisement->fields.priority;
  if (step.router.config.version == Version::v3) {
    learned_ = std::chrono::duration_cast<Duration>(step.advertisement->fields.interval);
  }
}

TimePoint Takeover::deadline(const RouterFacts& router) const {
  const TimePoint delay_ends = delayed_ ? end_of_delay(router) : TimePoint::min();
  const Duration interval = learned_.value_or(router.config.advertisement_interval);
  TimePoint due = (heard_ ? since_ : std::max(since_, delay_ends)) +
                  (released_ ? skew_time(router.config.version, router.priority(), interval)
                             : master_down_interval(router.config.version, router.priority(), interval));
  if (hold_since_) {
    due = std::min<TimePoint>(due, std::max<TimePoint>(*hold_since_ + router.config.preempt_delay, delay_ends));
  }
  if (delayed_ && router.owner && followed_priority_ != packet::kPriorityOwner) {
    due = std::min(due, delay_ends);
  }
  return due;
}

Verdict Takeover::check_takeover(const Step& step, core::Cause cause) const {
  if (cause == core::Cause::owner && step.router.owner && !delayed_) {
    return std::nullopt;
  }
  const TimePoint due = deadline(step.router);
  return step.local >= due ? Verdict() : fmt::format("took over {} us early", (due - step.local).count());
}

Verdict Takeover::overdue(const RouterFacts& router, TimePoint local) const {
  if (router.state != State::backup || local < deadline(router)) {
    return std::nullopt;
  }
  return fmt::format("has been Backup for {} us longer than it should", (local - deadline(router)).count());
}

}  // namespace tandem::sim
