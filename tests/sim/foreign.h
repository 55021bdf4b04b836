// SPDX-License-Identifier: Apache-2.0
// Models of other implementations, with the behaviour that matters to Tandem. The models are our own, written from
// observed behaviour (doc/rfc/9568.md, doc/rfc/3768.md). They follow RFC 5798 and RFC 3768 with these differences:
//
//               answers losers   Skew_Time        checksum sent / accepted (v3 over IPv4)
//   frr         no               whole cs, down   pseudo-header / pseudo-header
//   keepalived  yes              exact            pseudo-header / pseudo-header
//   appliance   no               exact            message only / message only
#pragma once

#include <optional>
#include <vector>

#include "tests/sim/scenario.h"

namespace tandem::sim {

class ForeignRouter {
 public:
  // Starts as Backup.
  ForeignRouter(Implementation implementation, const RouterConfig& config, IpAddress source, TimePoint now);

  bool accepts(const packet::ReceivedAdvertisement& received) const;
  // Each function returns the priorities to advertise at once.
  using Priorities = std::vector<std::uint8_t>;
  Priorities receive(const packet::ReceivedAdvertisement& received, TimePoint now);
  Priorities advance(TimePoint now);
  Priorities stop();

  core::State state() const { return state_; }
  const IpAddress& source() const { return source_; }
  TimePoint deadline() const { return deadline_; }  // without meaning in Initialize
  packet::Advertisement advertisement(std::uint8_t priority) const;

 private:
  struct Habits {
    bool answers_losers;
    bool floors_skew;
    ChecksumForm form;
  };
  static Habits habits_of(Implementation implementation);

  Priorities receive_in_master(const packet::ReceivedAdvertisement& received, TimePoint now);
  void follow(const packet::ReceivedAdvertisement& received, TimePoint now);
  Duration skew() const;

  Habits habits_;
  RouterConfig config_;
  IpAddress source_;
  core::State state_ = core::State::backup;
  Duration interval_;  // of the Master
  TimePoint deadline_;
};

}  // namespace tandem::sim
