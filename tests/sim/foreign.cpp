// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/foreign.h"

#include <chrono>

namespace tandem::sim {

using core::State;

ForeignRouter::Habits ForeignRouter::habits_of(Implementation implementation) {
  switch (implementation) {
    case Implementation::tandem:
    case Implementation::keepalived:
      break;
    case Implementation::frr:
      return {.answers_losers = false, .floors_skew = true, .form = ChecksumForm::pseudoheader};
    case Implementation::appliance:
      return {.answers_losers = false, .floors_skew = false, .form = ChecksumForm::message_only};
  }
  return {.answers_losers = true, .floors_skew = false, .form = ChecksumForm::pseudoheader};
}

ForeignRouter::ForeignRouter(Implementation implementation, const RouterConfig& config, IpAddress source, TimePoint now)
    : habits_(habits_of(implementation)),
      config_(config),
      source_(source),
      interval_(config.advertisement_interval),
      deadline_(now + 3 * interval_ + skew()) {
  if (config.version == Version::v2) {
    habits_.form = ChecksumForm::message_only;
  } else if (config.family == Family::ipv6) {
    habits_.form = ChecksumForm::pseudoheader;
  }
}

Duration ForeignRouter::skew() const {
  const Duration unit = config_.version == Version::v2 ? Duration(std::chrono::seconds(1)) : interval_;
  const Duration exact = (256 - config_.priority) * unit / 256;
  return habits_.floors_skew ? Duration(std::chrono::floor<base::Centiseconds>(exact)) : exact;
}

packet::Advertisement ForeignRouter::advertisement(std::uint8_t priority) const {
  return {.version = config_.version,
          .vrid = config_.vrid,
          .priority = priority,
          .interval = std::chrono::ceil<base::Centiseconds>(config_.advertisement_interval),
          .checksum = habits_.form};
}

bool ForeignRouter::accepts(const packet::ReceivedAdvertisement& received) const {
  const packet::Advertisement& fields = received.fields;
  return fields.version == config_.version && fields.checksum == habits_.form &&
         (config_.version == Version::v3 || fields.interval == config_.advertisement_interval);
}

ForeignRouter::Priorities ForeignRouter::receive(const packet::ReceivedAdvertisement& received, TimePoint now) {
  if (state_ == State::initialize || !accepts(received)) {
    return {};
  }
  if (state_ == State::master) {
    return receive_in_master(received, now);
  }
  const std::uint8_t priority = received.fields.priority;
  if (priority == packet::kPriorityRelease) {
    deadline_ = now + skew();
  } else if (priority >= config_.priority || !config_.preempt) {
    follow(received, now);
  }
  return {};
}

ForeignRouter::Priorities ForeignRouter::receive_in_master(const packet::ReceivedAdvertisement& received,
                                                           TimePoint now) {
  const std::uint8_t priority = received.fields.priority;
  if (priority == packet::kPriorityRelease) {
    deadline_ = now + config_.advertisement_interval;
    return {config_.priority};
  }
  if (priority > config_.priority || (priority == config_.priority && received.source > source_)) {
    state_ = State::backup;
    follow(received, now);
    return {};
  }
  return habits_.answers_losers ? Priorities{config_.priority} : Priorities{};
}

void ForeignRouter::follow(const packet::ReceivedAdvertisement& received, TimePoint now) {
  if (config_.version == Version::v3) {
    interval_ = received.fields.interval;
  }
  deadline_ = now + 3 * interval_ + skew();
}

ForeignRouter::Priorities ForeignRouter::advance(TimePoint now) {
  if (state_ == State::initialize || now < deadline_) {
    return {};
  }
  state_ = State::master;
  interval_ = config_.advertisement_interval;
  deadline_ = now + interval_;
  return {config_.priority};
}

ForeignRouter::Priorities ForeignRouter::stop() {
  const bool was_master = state_ == State::master;
  state_ = State::initialize;
  return was_master ? Priorities{packet::kPriorityRelease} : Priorities{};
}

}  // namespace tandem::sim
