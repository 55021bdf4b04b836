// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/patience.h"

#include <fmt/format.h>

#include <algorithm>

namespace tandem::sim {

namespace {
using core::State;
}

void Patience::begin(TimePoint local) {
  *this = Patience();
  since_ = local;
}

Verdict Patience::observe(const Step& step) {
  if (step.before == State::backup && step.router.state == State::backup) {
    if (step.stimulus == Stimulus::advertisement && step.admissible) {
      hear(step);
    }
    const bool configured = step.stimulus == Stimulus::configured || step.stimulus == Stimulus::interface_changed;
    const bool nobody_to_preempt =
        !step.router.config.preempt || !followed_priority_ || *followed_priority_ >= step.router.priority();
    if (configured && nobody_to_preempt) {
      hold_since_.reset();
    }
  }
  for (const core::Action& action : step.actions) {
    const auto* transitioned = std::get_if<core::Transitioned>(&action.what);
    if (transitioned == nullptr) {
      continue;
    }
    const core::Transition& change = transitioned->transition;
    if (change.from == State::backup && change.to == State::master) {
      if (Verdict verdict = check_takeover(step, change.cause)) {
        return verdict;
      }
    }
    if (change.to == State::backup) {
      begin(step.local);
      if (change.from == State::master) {
        follow(step);
      }
    }
  }
  return std::nullopt;
}

void Patience::hear(const Step& step) {
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
  if (!router.owner && router.config.preempt_delay > Duration::zero()) {
    hold_since_ = hold_since_.value_or(step.local);
    follow(step);
  }
}

void Patience::follow(const Step& step) {
  since_ = step.local;
  released_ = false;
  followed_priority_ = step.advertisement->fields.priority;
  if (step.router.config.version == Version::v3) {
    learned_ = std::chrono::duration_cast<Duration>(step.advertisement->fields.interval);
  }
}

TimePoint Patience::deadline(const RouterFacts& router) const {
  const Duration interval = learned_.value_or(router.config.advertisement_interval);
  const TimePoint silence =
      since_ + (released_ ? skew_time(router.config.version, router.priority(), interval)
                          : master_down_interval(router.config.version, router.priority(), interval));
  return hold_since_ ? std::min(silence, *hold_since_ + router.config.preempt_delay) : silence;
}

Verdict Patience::check_takeover(const Step& step, core::Cause cause) const {
  if (cause == core::Cause::owner && step.router.owner) {
    return std::nullopt;
  }
  const TimePoint due = deadline(step.router);
  return step.local >= due ? Verdict() : fmt::format("took over {} us early", (due - step.local).count());
}

Verdict Patience::overdue(const RouterFacts& router, TimePoint local) const {
  if (router.state != State::backup || local < deadline(router)) {
    return std::nullopt;
  }
  return fmt::format("has been Backup for {} us longer than it should", (local - deadline(router)).count());
}

}  // namespace tandem::sim
