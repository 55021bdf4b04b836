// SPDX-License-Identifier: Apache-2.0
// The events as lines of text, for one group or for all. A normal run writes no timeline. The program repeats a failed
// run with a timeline; the seed makes the repetition identical.
#pragma once

#include <fmt/format.h>

#include <deque>
#include <optional>
#include <string>

#include "tests/sim/scenario.h"
#include "vrrpd/core/action.h"

namespace tandem::sim {

class Timeline {
 public:
  static constexpr std::size_t kEverything = static_cast<std::size_t>(-1);

  // Keeps the last `length` lines; if `group` is given, only lines of that group.
  Timeline(const Scenario& scenario, std::optional<GroupId> group, std::size_t length)
      : scenario_(scenario), group_(group), length_(length) {}

  bool wants(GroupId group) const { return !group_ || *group_ == group; }
  void machine(TimePoint now, MachineId machine, std::string_view what);
  void lan(TimePoint now, LanId lan, std::string_view what);
  void member(TimePoint now, MemberId member, std::string_view what);

  const std::deque<std::string>& lines() const { return lines_; }

 private:
  void add(TimePoint now, std::string line);

  const Scenario& scenario_;
  std::optional<GroupId> group_;
  std::size_t length_;
  std::deque<std::string> lines_;
};

// "send 100", "claim", "Master: master down interval expired" …
std::string to_text(const core::Action& action);
// "advert of 10.0.0.2: priority 100, 1000 ms".
std::string to_text(const packet::ReceivedAdvertisement& received);

}  // namespace tandem::sim
