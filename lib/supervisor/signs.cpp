// SPDX-License-Identifier: Apache-2.0
#include "lib/supervisor/signs.h"

#include <algorithm>

namespace tandem::supervisor {
namespace {

constexpr std::int64_t microseconds(milliseconds time) { return std::chrono::microseconds(time).count(); }

// One that is still to come is none; but worker and supervisor often wake up at the same moment, and a sign that was
// given since `now` was read is a sign.
std::int64_t believable(std::int64_t beat, std::int64_t before, std::int64_t now) {
  return beat > before && beat <= now + microseconds(kSameMoment) ? std::min(beat, now) : before;
}

}  // namespace

void SignsOfLife::begin(Time now, Time start_patience) {
  *this = {};
  since_ = now;
  start_patience_ = start_patience;
}

SignsOfLife::Time SignsOfLife::start_patience(const Header& header) {
  if (header.fenced.load() != 0) {
    return microseconds(kStartPatience);
  }
  const Time patient = std::clamp(header.patience.load(), microseconds(kMinPatience), microseconds(kLongestPatience));
  return std::min(patient * 3 / 2, microseconds(kStartPatience));
}

void SignsOfLife::look(const Header& header, Time now) {
  const Phase phase = header.phase.load();
  const bool back = phase == Phase::starting && phase_ != Phase::starting;  // no worker starts twice
  phase_ = back ? Phase::running : phase;
  patience_ = std::clamp(header.patience.load(), microseconds(kMinPatience), microseconds(kLongestPatience));
  beat_ = believable(header.beat.load(), beat_, now);
  if (phase_ == Phase::running && management_alive_ == 0) {
    management_alive_ = now;
  }
  management_alive_ = believable(header.management_beat.load(), management_alive_, now);
}

void SignsOfLife::forgive(Time now) {
  since_ = now;
  if (management_alive_ != 0) {
    management_alive_ = now;
  }
}

void SignsOfLife::ready(Time now) {
  if (!ready_) {
    management_alive_ = std::max(management_alive_, now);
  }
  ready_ = true;
}

SignsOfLife::Time SignsOfLife::patience() const {
  switch (phase_) {
    case Phase::starting:
      return start_patience_;
    case Phase::running:
      return patience_;
    case Phase::stopping:
      return microseconds(told_to_stop_ ? kStopPatience : kOwnStopPatience);
  }
  return microseconds(kMinPatience);  // a worker gone mad has written this
}

SignsOfLife::Time SignsOfLife::deadline() const {
  const Time patient = patience();
  return patient == kNever ? kNever : alive() + patient;
}

SignsOfLife::Time SignsOfLife::management_deadline() const {
  const bool goes_on = start_patience_ != kNever;
  const bool watched = phase_ == Phase::running && (goes_on || ready_) && !told_to_stop_;
  return watched ? management_alive_ + microseconds(kManagementPatience) : kNever;
}

}  // namespace tandem::supervisor
