// SPDX-License-Identifier: Apache-2.0
// The input of the invariants: one step of one router, that is, one input of the router and all actions that follow.
// The invariants do not see the router's internal state: they derive state and ownership from its actions.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "tests/sim/scenario.h"
#include "vrrpd/core/action.h"

namespace tandem::sim {

enum class Stimulus : std::uint8_t {
  started,
  timer,  // Engine::advance()
  advertisement,
  rejected,
  configured,
  interface_changed,
  stopped,
  removed,
};

// The inputs of a router so far, and the state that follows from them.
struct RouterFacts {
  RouterConfig config;
  RouterConfig previous;  // before the step, if the step changed it
  core::InterfaceStatus status;
  IpAddress source;  // the last primary address
  bool owner = false;
  bool stopping = false;
  core::State state = core::State::initialize;
  bool claimed = false;

  std::uint8_t priority() const { return owner ? packet::kPriorityOwner : config.priority; }
  // Returns whether all conditions for leaving Initialize hold.
  bool may_run() const {
    return !stopping && !config.shutdown && !config.addresses->empty() && status.present && status.up &&
           status.device_ready && status.primary.has_value();
  }
};

struct Step {
  MemberId member;
  TimePoint local;  // by the machine's clock
  Stimulus stimulus;
  const packet::ReceivedAdvertisement* advertisement = nullptr;
  bool admissible = false;  // the configuration obliges the router to use the advertisement
  std::span<const core::Action> actions;
  core::State before = core::State::initialize;
  const RouterFacts& router;  // after the router's input; the state is the one after the step

  // For an advert: returns whether it wins over the router if both are Master (RFC 9568 §6.4.3).
  bool advertisement_wins() const {
    const std::uint8_t theirs = advertisement->fields.priority;
    return theirs > router.priority() || (theirs == router.priority() && advertisement->source > router.source);
  }
};

// Empty, or the violated rule in words.
using Verdict = std::optional<std::string>;

// Returns whether `config` obliges a router to use an advert that is correct in itself (RFC 9568 §7.1, RFC 3768 §7.1).
bool is_admissible(const RouterFacts& router, const packet::ReceivedAdvertisement& received);

// RFC 9568 §6.1 and RFC 3768 §6.1, written from the RFCs and independent of vrrpd/core/timing.cpp.
Duration skew_time(Version version, std::uint8_t priority, Duration interval);
Duration master_down_interval(Version version, std::uint8_t priority, Duration interval);

}  // namespace tandem::sim
