// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/core/router_advertisements.h"

#include <algorithm>

namespace tandem::vrrpd::core {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// RFC 4861 §10.
constexpr seconds kMaxInitialInterval{16};
constexpr int kMaxInitialAdvertisements = 3;
constexpr milliseconds kMaxDelay{500};  // of an answer
constexpr seconds kMinDelayBetween{3};  // of two multicast ones
constexpr milliseconds kRetry{100};

// MinRtrAdvInterval (§6.2.1).
Duration min_interval(seconds max_interval) {
  return max_interval >= seconds(9) ? Duration(max_interval) * 33 / 100 : Duration(max_interval);
}

}  // namespace

RouterAdvertisementSchedule::RouterAdvertisementSchedule(std::uint32_t seed, seconds max_interval, TimePoint now)
    : state_(seed * 2654435761U + 1), max_interval_(max_interval), deadline_(now) {}

void RouterAdvertisementSchedule::sent(TimePoint now) {
  last_sent_ = now;
  ++sent_count_;
  Duration interval = random_between(min_interval(max_interval_), max_interval_);
  if (sent_count_ < kMaxInitialAdvertisements) {
    interval = std::min<Duration>(interval, kMaxInitialInterval);
  }
  deadline_ = now + interval;
}

void RouterAdvertisementSchedule::postpone(TimePoint now) { deadline_ = now + kRetry; }

void RouterAdvertisementSchedule::solicited(TimePoint now) {
  TimePoint answer = now + random_between(Duration::zero(), kMaxDelay);
  if (sent_count_ > 0) {
    answer = std::max(answer, last_sent_ + kMinDelayBetween);
  }
  deadline_ = std::min(deadline_, answer);
}

// A linear congruential generator (Numerical Recipes) is irregular enough for hosts not to synchronise.
Duration RouterAdvertisementSchedule::random_between(Duration least, Duration most) {
  state_ = state_ * 1664525U + 1013904223U;
  const std::int64_t span = (most - least).count();
  return least + Duration(span * static_cast<std::int64_t>(state_ >> 16U) / 65535);
}

}  // namespace tandem::vrrpd::core
