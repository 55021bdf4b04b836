// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/judge.h"

#include <algorithm>

namespace tandem::sim {

namespace {

Circumstances circumstances_of(const Scenario& scenario, const Group& group) {
  const Lan& lan = scenario.lans[group.lan];
  Circumstances result{.travel = lan.delay + lan.jitter + scenario.turbulent_jitter,
                       .quiet_travel = lan.delay + lan.jitter,
                       .latency = Duration::zero(),
                       .slowest_clock = 0,
                       .forms_to_learn = false};
  for (const MemberId id : group.members) {
    const Machine& machine = scenario.machines[scenario.members[id].machine];
    result.latency = std::max(result.latency, machine.latency);
    result.slowest_clock = std::min(result.slowest_clock, machine.clock_rate);
    const bool insists = machine.implementation == Implementation::appliance ||
                         scenario.members[id].config.checksum == core::ChecksumMode::message_only;
    result.forms_to_learn = result.forms_to_learn || insists;
  }
  return result;
}

bool owns(const RouterConfig& config, const core::InterfaceStatus& status) {
  return std::any_of(status.addresses.begin(), status.addresses.end(), [&](const IpAddress& address) {
    return std::find(config.addresses->begin(), config.addresses->end(), address) != config.addresses->end();
  });
}

}  // namespace

Judge::Judge(const Scenario& scenario) : scenario_(scenario) {
  seats_.reserve(scenario.members.size());
  for (const Member& member : scenario.members) {
    seats_.push_back({.facts = {.config = member.config,
                                .previous = member.config,
                                .status = {},
                                .source = IpAddress(member.config.family)},
                      .pace = {},
                      .takeover = {}});
  }
  for (const Group& group : scenario.groups) {
    TANDEM_INVARIANT(group.members.size() <= kMaxMembers);
    for (std::size_t i = 0; i < group.members.size(); ++i) {
      seats_[group.members[i]].position = i;
    }
    elections_.emplace_back(circumstances_of(scenario, group), group.members.size());
  }
}

void Judge::told_to_start(MemberId member, const RouterConfig& config, const core::InterfaceStatus& status) {
  Seat& seat = seats_[member];
  seat.facts = {.config = config,
                .previous = config,
                .status = status,
                .source = status.primary.value_or(IpAddress(config.family)),
                .owner = owns(config, status)};
  seat.pace = {};
  seat.takeover = {};
}

void Judge::told(MemberId member, const RouterConfig& config) {
  RouterFacts& facts = seats_[member].facts;
  facts.previous = facts.config;
  facts.config = config;
  facts.owner = owns(config, facts.status);
}

void Judge::told(MemberId member, const core::InterfaceStatus& status) {
  RouterFacts& facts = seats_[member].facts;
  facts.status = status;
  facts.source = status.primary.value_or(facts.source);
  facts.owner = owns(facts.config, status);
}

void Judge::told_to_stop(MemberId member) { seats_[member].facts.stopping = true; }

void Judge::step(const Occasion& occasion, std::span<const core::Action> actions) {
  const MemberId member = occasion.member;
  const Stimulus stimulus = occasion.stimulus;
  Seat& seat = seats_[member];
  const Step step{.member = member,
                  .local = occasion.local,
                  .stimulus = stimulus,
                  .advertisement = occasion.advertisement,
                  .admissible = occasion.admissible,
                  .actions = actions,
                  .before = seat.facts.state,
                  .router = seat.facts};
  mix(static_cast<std::uint64_t>(occasion.now.time_since_epoch().count()));
  mix(member * 256 + static_cast<std::uint64_t>(stimulus) * 16 + actions.size());
  report(member, occasion.now, check_conduct(step, seat.facts));
  report(member, occasion.now, seat.pace.observe(step));
  report(member, occasion.now, seat.takeover.observe(step));
  if (stimulus == Stimulus::removed) {
    forget(member, occasion.now);
  } else if (step.before != seat.facts.state || (stimulus != Stimulus::timer && stimulus != Stimulus::advertisement)) {
    update_standing(member, occasion.now);
  }
}

void Judge::update_standing(MemberId member, TimePoint now) {
  const Seat& seat = seats_[member];
  const RouterFacts& facts = seat.facts;
  set_standing(member,
               {.able = seat.working && facts.may_run(),
                .state = facts.state,
                .priority = facts.priority(),
                .preempts = facts.config.preempt || facts.owner,
                .preempt_delay = facts.owner ? Duration::zero() : facts.config.preempt_delay,
                .startup_delay = facts.config.startup_delay,
                .version = facts.config.version,
                .interval = facts.config.advertisement_interval,
                .source = facts.source},
               now);
}

void Judge::set_standing(MemberId member, const Standing& standing, TimePoint now) {
  const Seat& seat = seats_[member];
  const GroupId group = scenario_.members[member].group;
  report(member, now, elections_[group].update(seat.position, standing, now));
  report_group(group, now, elections_[group].check(now));
}

void Judge::set_working(MemberId member, bool working, TimePoint now) {
  seats_[member].working = working;
  update_standing(member, now);
}

void Judge::forget(MemberId member, TimePoint now) {
  Seat& seat = seats_[member];
  seat.facts.state = core::State::initialize;
  seat.facts.claimed = false;
  seat.facts.stopping = false;
  seat.facts.status = {};
  seat.working = true;
  set_standing(member, {}, now);
}

void Judge::foreign(MemberId member, const Standing& standing, TimePoint now) {
  seats_[member].facts.state = standing.state;
  mix(static_cast<std::uint64_t>(now.time_since_epoch().count()) + member);
  set_standing(member, standing, now);
}

void Judge::lost(MemberId sender, MemberId receiver, TimePoint now) {
  elections_[scenario_.members[sender].group].lost(seats_[sender].position, seats_[receiver].position, now);
}

void Judge::unusable(MemberId sender, MemberId receiver) {
  elections_[scenario_.members[sender].group].unusable(seats_[sender].position, seats_[receiver].position);
}

void Judge::disturb_everybody(TimePoint until) {
  for (Election& election : elections_) {
    election.disturb(until);
  }
}

void Judge::sweep(MemberId member, TimePoint now, TimePoint local) {
  const Seat& seat = seats_[member];
  report(member, now, seat.pace.overdue(seat.facts, local));
  report(member, now, seat.takeover.overdue(seat.facts, local));
}

void Judge::sweep_groups(TimePoint now) {
  for (GroupId group = 0; group < elections_.size(); ++group) {
    report_group(group, now, elections_[group].check(now));
  }
}

Duration Judge::settling_time() const {
  Duration longest{};
  for (const Election& election : elections_) {
    longest = std::max(longest, election.settling_time());
  }
  return longest;
}

void Judge::report(MemberId member, TimePoint now, Verdict&& verdict) {
  if (verdict && !violation_) {
    violation_ = Violation{now, scenario_.members[member].group, member, std::move(*verdict)};
  }
}

void Judge::report_group(GroupId group, TimePoint now, Verdict&& verdict) {
  if (verdict && !violation_) {
    violation_ = Violation{now, group, std::nullopt, std::move(*verdict)};
  }
}

void Judge::mix(std::uint64_t value) { digest_ = (digest_ ^ value) * 0x9e3779b97f4a7c15U + 1; }

}  // namespace tandem::sim
