// SPDX-License-Identifier: Apache-2.0
// When the Master of an IPv6 virtual router sends router advertisements (RFC 9568 §6.4.3, RFC 4861 §6.2.4, §6.2.6): at
// once when it has become Master, a few more soon, then at irregular intervals; sooner if a host asks. A value that is
// told the time, as the state machine beside it.
#pragma once

#include <chrono>
#include <cstdint>

#include "vrrpd/core/types.h"

namespace tandem::vrrpd::core {

class RouterAdvertisementSchedule {
 public:
  // `seed` spreads the routers of a LAN; the same seed gives the same schedule. `max_interval`: MaxRtrAdvInterval.
  RouterAdvertisementSchedule(std::uint32_t seed, std::chrono::seconds max_interval, TimePoint now);

  TimePoint deadline() const { return deadline_; }
  void sent(TimePoint now);       // one has been sent; sets the next deadline
  void postpone(TimePoint now);   // it could not be sent just now
  void solicited(TimePoint now);  // a host wants one: within half a second, but not more than one in three

 private:
  Duration random_between(Duration least, Duration most);

  std::uint32_t state_;
  std::chrono::seconds max_interval_;
  TimePoint deadline_;
  TimePoint last_sent_{};
  int sent_count_ = 0;
};

}  // namespace tandem::vrrpd::core
