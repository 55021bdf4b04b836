// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/pace.h"

#include <fmt/format.h>

#include <algorithm>

#include "vrrpd/core/limits.h"

namespace tandem::sim {

namespace {

using core::State;

std::size_t adverts_in(std::span<const core::Action> actions) {
  return static_cast<std::size_t>(std::count_if(actions.begin(), actions.end(), [](const core::Action& action) {
    const auto* send = std::get_if<core::SendAdvertisement>(&action.what);
    return send != nullptr && send->advertisement.priority != packet::kPriorityRelease;
  }));
}

bool entered_master(std::span<const core::Action> actions) {
  return std::any_of(actions.begin(), actions.end(), [](const core::Action& action) {
    const auto* transitioned = std::get_if<core::Transitioned>(&action.what);
    return transitioned != nullptr && transitioned->transition.to == State::master;
  });
}

}  // namespace

Verdict Pace::observe(const Step& step) {
  const std::size_t sent = adverts_in(step.actions);
  if (sent > 1) {
    return fmt::format("sent {} adverts at once", sent);
  }
  if (sent == 1 && entered_master(step.actions)) {
    due_ = step.local + step.router.config.advertisement_interval;
    counting_since_ = step.local;
    answers_ = 0;
    return std::nullopt;
  }
  if (step.before != State::master || step.router.state != State::master) {
    return std::nullopt;  // check_conduct() checks silence outside of Master
  }
  switch (step.stimulus) {
    case Stimulus::timer:
      return on_timer(step, sent);
    case Stimulus::advertisement:
      return on_advertisement(step, sent);
    case Stimulus::configured:
    case Stimulus::interface_changed:
      if (sent == 1) {
        due_ = step.local + step.router.config.advertisement_interval;
      }
      return std::nullopt;
    case Stimulus::started:
    case Stimulus::rejected:
    case Stimulus::stopped:
    case Stimulus::removed:
      return sent == 0 ? Verdict() : "sent an advert that nothing called for";
  }
  return std::nullopt;
}

Verdict Pace::on_timer(const Step& step, std::size_t sent) {
  if (sent == 0) {
    return std::nullopt;  // overdue() reports an advert that was due
  }
  if (step.local < due_) {
    return fmt::format("sent an advert {} us early", (due_ - step.local).count());
  }
  const Duration interval = step.router.config.advertisement_interval;
  due_ += interval;
  if (due_ <= step.local) {  // late by more than an interval: the schedule skips the missed adverts
    due_ = step.local + interval;
  }
  return std::nullopt;
}

Verdict Pace::on_advertisement(const Step& step, std::size_t sent) {
  const bool release = step.admissible && step.advertisement->fields.priority == packet::kPriorityRelease;
  const bool to_answer = step.admissible && (release || step.router.config.version == Version::v3);
  if (!to_answer) {
    return sent == 0 ? Verdict() : "answered an advert that asks for no answer";
  }
  if (step.local >= counting_since_ + step.router.config.advertisement_interval) {
    counting_since_ = step.local;
    answers_ = 0;
  }
  if (sent == 0) {
    return answers_ < core::kMaxImmediateAdvertisements ? "did not answer an advert that loses" : Verdict();
  }
  if (++answers_ > core::kMaxImmediateAdvertisements) {
    return fmt::format("sent {} answers within an interval", answers_);
  }
  if (release) {
    due_ = step.local + step.router.config.advertisement_interval;
  }
  return std::nullopt;
}

Verdict Pace::overdue(const RouterFacts& router, TimePoint local) const {
  if (router.state != State::master || local < due_) {
    return std::nullopt;
  }
  return fmt::format("an advert has been due for {} us", (local - due_).count());
}

}  // namespace tandem::sim
