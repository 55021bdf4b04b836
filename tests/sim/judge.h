// SPDX-License-Identifier: Apache-2.0
// Applies the invariants to all events, and keeps the first violation. It checks a router after each of its steps, a
// group at each change of a router's standing, and conditions that only time can violate at each sweep.
#pragma once

#include <vector>

#include "tests/sim/conduct.h"
#include "tests/sim/election.h"
#include "tests/sim/pace.h"
#include "tests/sim/takeover.h"

namespace tandem::sim {

struct Violation {
  TimePoint at;
  GroupId group;
  std::optional<MemberId> member;  // empty: the violation concerns the group
  std::string what;
};

class Judge {
 public:
  explicit Judge(const Scenario& scenario);

  // A Tandem router receives an input; the call of step() follows.
  void told_to_start(MemberId member, const RouterConfig& config, const core::InterfaceStatus& status);
  void told(MemberId member, const RouterConfig& config);
  void told(MemberId member, const core::InterfaceStatus& status);
  void told_to_stop(MemberId member);

  struct Occasion {
    MemberId member;
    TimePoint now;
    TimePoint local;
    Stimulus stimulus;
    const packet::ReceivedAdvertisement* advertisement = nullptr;
    bool admissible = false;  // result of admissible()
  };
  void step(const Occasion& occasion, std::span<const core::Action> actions);

  // A machine stalls, or works again. The standing of its members changes accordingly.
  void set_working(MemberId member, bool working, TimePoint now);
  void forget(MemberId member, TimePoint now);  // the router crashed or was removed
  void foreign(MemberId member, const Standing& standing, TimePoint now);

  void lost(MemberId sender, MemberId receiver, TimePoint now);
  void unusable(MemberId sender, MemberId receiver);
  void disturb(GroupId group, TimePoint until) { elections_[group].disturb(until); }
  void disturb_everybody(TimePoint until);
  // `local`: the time up to which the member's machine has carried out due work.
  void sweep(MemberId member, TimePoint now, TimePoint local);
  void sweep_groups(TimePoint now);

  bool admissible(MemberId member, const packet::ReceivedAdvertisement& received) const {
    return is_admissible(seats_[member].facts, received);
  }
  core::State state(MemberId member) const { return seats_[member].facts.state; }
  bool may_run(MemberId member) const { return seats_[member].facts.may_run(); }
  Duration settling_time() const;  // of the slowest group
  const std::optional<Violation>& violation() const { return violation_; }
  // Two runs have the same digest only if the same events happened in the same order.
  std::uint64_t digest() const { return digest_; }

 private:
  struct Seat {
    RouterFacts facts;
    Pace pace;
    Takeover takeover;
    bool working = true;
    std::size_t position = 0;  // in its group
  };

  void report(MemberId member, TimePoint now, Verdict&& verdict);
  void report_group(GroupId group, TimePoint now, Verdict&& verdict);
  void update_standing(MemberId member, TimePoint now);
  void set_standing(MemberId member, const Standing& standing, TimePoint now);
  void mix(std::uint64_t value);

  const Scenario& scenario_;
  std::vector<Seat> seats_;
  std::vector<Election> elections_;
  std::optional<Violation> violation_;
  std::uint64_t digest_ = 0;
};

}  // namespace tandem::sim
