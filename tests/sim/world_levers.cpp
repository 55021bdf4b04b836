// SPDX-License-Identifier: Apache-2.0
// Operators, cables and accidents: how they change a World.
#include <algorithm>
#include <chrono>

#include "tests/sim/world.h"

namespace tandem::sim {

core::InterfaceStatus World::status_of(MemberId member) {
  const Member& which = scenario_.members[member];
  const LanId lan = scenario_.groups[which.group].lan;
  const Port& port = wire_.port(which.machine, lan);
  const IpAddress primary = interface_address(which.machine, lan, which.config.family, port.number);
  core::InterfaceStatus status{
      .present = true, .up = port.carrier, .device_ready = true, .primary = {}, .addresses = {}};
  status.counts_from = hosts_[which.machine].link_since[lan].value_or(TimePoint());
  if (port.has_primary) {
    status.primary = primary;
    status.addresses.push_back(primary);
  }
  if (which.owner) {
    status.addresses.push_back(which.config.addresses->front());
  }
  return status;
}

void World::look_at_link(MachineId machine, LanId lan) {
  Host& host = hosts_[machine];
  std::optional<TimePoint>& since = host.link_since[lan];
  if (!wire_.port(machine, lan).carrier) {
    since.reset();
  } else if (!since) {
    since = host.clock.local(now_);
  }
}

void World::boot(MachineId machine) {
  Host& host = hosts_[machine];
  if (host.on) {
    return;
  }
  host.on = true;
  for (LanId lan = 0; lan < host.link_since.size(); ++lan) {
    host.link_since[lan].reset();
    look_at_link(machine, lan);
  }
  if (scenario_.machines[machine].implementation == Implementation::tandem) {
    host.engine = std::make_unique<core::Engine>();
  }
  for (const MemberId member : host.members) {
    if (present_[member]) {
      start(member);
    }
  }
  arm(machine);
}

void World::start(MemberId member) {
  if (!is_ours(member)) {
    return start_foreign(member);
  }
  Host& host = host_of(member);
  const TimePoint local = host.clock.local(now_);
  const core::InterfaceStatus status = status_of(member);
  judge_.told_to_start(member, configs_[member], status);
  host.engine->add(id_of(member), configs_[member], status, local, actions_);
  carry_out(member, local, Stimulus::started);
}

void World::start_foreign(MemberId member) {
  Host& host = host_of(member);
  const core::InterfaceStatus status = status_of(member);
  if (!status.up || !status.primary) {
    return;
  }
  const Implementation implementation = scenario_.machines[scenario_.members[member].machine].implementation;
  foreign_[member].emplace(implementation, configs_[member], *status.primary, host.clock.local(now_));
  tell_foreign(member, {});
}

void World::stop_foreign(MemberId member) {
  if (foreign_[member]) {
    tell_foreign(member, foreign_[member]->stop());
    foreign_[member].reset();
    judge_.forget(member, now_);
  }
}

// Call this after each possible change of a foreign router. Updates its deadline and its standing, and sends its
// adverts.
void World::tell_foreign(MemberId member, const ForeignRouter::Priorities& priorities) {
  const ForeignRouter& router = *foreign_[member];
  Host& host = host_of(member);
  host.foreign_deadlines.erase({foreign_armed_[member], member});
  if (router.state() != core::State::initialize) {
    foreign_armed_[member] = router.deadline();
    host.foreign_deadlines.emplace(router.deadline(), member);
  }
  const RouterConfig& config = configs_[member];
  judge_.foreign(member,
                 {.able = router.state() != core::State::initialize && !host.stalled,
                  .state = router.state(),
                  .priority = config.priority,
                  .preempts = config.preempt,
                  .preempt_delay = {},
                  .startup_delay = {},
                  .version = config.version,
                  .interval = config.advertisement_interval,
                  .source = router.source()},
                 now_);
  for (const std::uint8_t priority : priorities) {
    if (timeline_ != nullptr) {
      timeline_->member(now_, member, fmt::format("send {} ({})", priority, core::to_string(router.state())));
    }
    transmit(member, router.advertisement(priority), router.source(), *config.addresses);
  }
}

void World::switch_off(MachineId machine) {
  Host& host = hosts_[machine];
  for (const Arrival& arrival : host.inbox) {
    judge_.lost(frames_[arrival.frame].sender, arrival.receiver, now_);
    frames_.release(arrival.frame);
  }
  host.inbox.clear();
  host.engine.reset();
  host.foreign_deadlines.clear();
  host.on = false;
  host.stalled = false;
  host.turn_at = kNever;
  host.armed_for = kNever;
  work_off(host);
  for (const MemberId member : host.members) {
    foreign_[member].reset();
    judge_.forget(member, now_);
  }
}

void World::crash(MachineId machine) { switch_off(machine); }

void World::shut_down(MachineId machine) {
  resume(machine);  // a stalled machine cannot stop in an orderly way
  Host& host = hosts_[machine];
  const TimePoint local = host.clock.local(now_);
  for (const MemberId member : host.members) {
    if (!host.on || !present_[member]) {
      continue;
    }
    if (host.engine) {
      judge_.told_to_stop(member);
      host.engine->handle(id_of(member), core::StopRequested{}, local, actions_);
      carry_out(member, local, Stimulus::stopped);
    } else {
      stop_foreign(member);
    }
  }
  switch_off(machine);
}

void World::stall(MachineId machine) {
  Host& host = hosts_[machine];
  if (host.on && !host.stalled) {
    host.stalled = true;
    host.turn_at = kNever;
    working_changed(machine);
  }
}

void World::resume(MachineId machine) {
  Host& host = hosts_[machine];
  if (host.stalled) {
    host.stalled = false;
    working_changed(machine);
    work_off(host);
    ask_for_turn(machine, now_);
  }
}

void World::work_off(Host& host) {
  const auto backlog = std::exchange(host.backlog, {});
  for (const auto& task : backlog) {
    task();
  }
}

void World::working_changed(MachineId machine) {
  const Host& host = hosts_[machine];
  for (const MemberId member : host.members) {
    if (host.engine && present_[member]) {
      judge_.set_working(member, !host.stalled, now_);
    } else if (foreign_[member]) {
      tell_foreign(member, {});
    }
  }
}

void World::configure(MemberId member, const RouterConfig& config) {
  if (!is_ours(member)) {
    return;
  }
  configs_[member] = config;
  Host& host = host_of(member);
  if (host.stalled) {
    host.backlog.emplace_back([this, member] { tell(member); });
  } else {
    tell(member);
  }
}

void World::tell(MemberId member) {
  Host& host = host_of(member);
  if (!host.engine || !present_[member]) {
    return;
  }
  const RouterConfig& config = configs_[member];
  const TimePoint local = host.clock.local(now_);
  judge_.told(member, config);
  host.engine->handle(id_of(member), core::Configured{config}, local, actions_);
  carry_out(member, local, Stimulus::configured);
  host.done_until = {};  // a shorter interval may make work due that the next turn does
  arm(scenario_.members[member].machine);
}

void World::remove(MemberId member) {
  Host& host = host_of(member);
  if (host.stalled) {
    return;
  }
  if (host.engine && present_[member]) {
    const TimePoint local = host.clock.local(now_);
    host.engine->remove(id_of(member), local, actions_);
    carry_out(member, local, Stimulus::removed);
  } else if (!is_ours(member)) {
    stop_foreign(member);
  }
  present_[member] = false;
}

void World::restore(MemberId member) {
  Host& host = host_of(member);
  if (host.stalled) {
    host.backlog.emplace_back([this, member] { restore(member); });
  } else if (!present_[member]) {
    present_[member] = true;
    if (host.on) {
      start(member);
      arm(scenario_.members[member].machine);
    }
  }
}

void World::port_changed(MachineId machine, LanId lan) {
  Host& host = hosts_[machine];
  if (host.stalled) {
    host.backlog.emplace_back([this, machine, lan] { port_changed(machine, lan); });
    return;
  }
  look_at_link(machine, lan);
  for (const MemberId member : host.members) {
    if (scenario_.groups[scenario_.members[member].group].lan != lan || !host.on || !present_[member]) {
      continue;
    }
    if (!host.engine) {
      stop_foreign(member);
      start_foreign(member);
      continue;
    }
    const core::InterfaceStatus status = status_of(member);
    const TimePoint local = host.clock.local(now_);
    judge_.told(member, status);
    host.engine->handle(id_of(member), core::InterfaceChanged{status}, local, actions_);
    carry_out(member, local, Stimulus::interface_changed);
  }
  arm(machine);
}

}  // namespace tandem::sim
