// SPDX-License-Identifier: Apache-2.0
// Invariants of a group as a whole: which router is Master, and since when. Symbols:
//
//   I  the longest advertisement interval of the group, stretched by the slowest clock,
//   M  the longest Master_Down_Interval, 3 I + max(I, 1 s in v2), P the longest preempt delay,
//   U the longest startup delay,
//   D  the longest time that a packet is under way, L the longest time until a machine processes it.
//
//   - Gap: while a router of the group can run, the group is without Master for at most  G = U + M + D + 2 L.
//   - Duel: if two routers are Master, the winner sends within its interval I_w (foreign routers up to L later), and
//     the loser becomes Backup when that advert arrives. If k of these adverts are lost, the duel ends within
//     (k + 1) (I_w + L) + D + L. So two routers are Master no longer than the lost messages make unavoidable.
//   - Settled: the group had no disturbance for  S = U + M + P + I + 4 D + 4 L  (2 M instead of M if some routers
//     accept only the RFC 9568 form of the checksum: the others must first learn that these do not hear them). Then
//     exactly one router is Master if any can run, no router that preempts has a higher priority, and no router changes
//     state any more. A group whose routers disagree about the version (or the interval of v2), or whose Master stalls,
//     cannot settle.
//
// These events restart the times: a change of configuration, interface, or life of a member; for `settled` also each
// lost packet.
#pragma once

#include <bitset>
#include <vector>

#include "tests/sim/step.h"

namespace tandem::sim {

inline constexpr std::size_t kMaxMembers = 16;  // members of a group

// The state of a member that other machines can observe.
struct Standing {
  bool able = false;  // its machine runs and works, its interface is up, it is configured to take part
  core::State state = core::State::initialize;
  std::uint8_t priority = 0;  // 255: owner
  bool preempts = false;
  Duration preempt_delay{};
  Duration startup_delay{};
  Version version = Version::v3;
  Duration interval{};
  IpAddress source{Family::ipv4};
};

// The parameters of the bounds.
struct Circumstances {
  Duration travel;             // D
  Duration quiet_travel;       // D without disturbance
  Duration latency;            // L
  std::int64_t slowest_clock;  // rate in millionths, negative
  bool forms_to_learn;         // some routers accept only the message-only checksum
};

class Election {
 public:
  Election(const Circumstances& circumstances, std::size_t size) : circumstances_(circumstances), size_(size) {}

  // Sets the member's standing, and determines whether the change is a disturbance or a transition.
  Verdict update(std::size_t member, const Standing& standing, TimePoint now);
  // An advert of `sender` did not arrive at `receiver`.
  void lost(std::size_t sender, std::size_t receiver, TimePoint now);
  // The advert arrived, but the configuration of `receiver` does not let it use the advert.
  void unusable(std::size_t sender, std::size_t receiver);
  // The time until `until` counts as disturbed.
  void disturb(TimePoint until) { quiet_since_ = std::max(quiet_since_, until); }
  // Checks the invariants that must hold at any time.
  Verdict check(TimePoint now) const;

  Duration settling_time() const;
  Duration longest_gap() const;

 private:
  struct Duel {
    std::size_t winner;
    std::size_t loser;
    TimePoint since;
    int lost;
  };

  bool beats(std::size_t a, std::size_t b) const;
  bool any_able() const;
  bool able_ones_agree() const;  // about the version, and the interval of v2
  bool has_stalled_master() const;
  void refresh_duels(std::size_t member, TimePoint now);
  void raise_bounds(const Standing& standing);
  Duration stretched(Duration local) const;
  Duration master_down() const;
  Duration duel_limit(const Duel& duel) const;
  Verdict check_settled() const;

  Circumstances circumstances_;
  std::size_t size_;  // members
  std::array<Standing, kMaxMembers> members_{};
  std::bitset<kMaxMembers> masters_;
  std::vector<Duel> duels_;
  TimePoint quiet_since_{};
  TimePoint disturbed_at_{};  // except by loss
  TimePoint masterless_since_{};
  Duration longest_interval_{};
  Duration longest_skew_{};
  Duration longest_delay_{};
  Duration longest_startup_delay_{};
};

}  // namespace tandem::sim
