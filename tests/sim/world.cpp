// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/world.h"

namespace tandem::sim {

World::World(const Scenario& scenario, Random random, Timeline* timeline)
    : scenario_(scenario),
      random_(random.fork()),
      timeline_(timeline),
      judge_(scenario),
      wire_(scenario, random.fork()),
      present_(scenario.members.size(), true),
      foreign_(scenario.members.size()),
      foreign_armed_(scenario.members.size()) {
  for (const Machine& machine : scenario.machines) {
    hosts_.push_back({.clock = LocalClock(machine.clock_offset, machine.clock_rate), .latency = machine.latency});
    hosts_.back().link_since.resize(scenario.lans.size());
  }
  for (MemberId member = 0; member < scenario.members.size(); ++member) {
    configs_.push_back(scenario.members[member].config);
    host_of(member).members.push_back(member);
  }
}

void World::push(TimePoint at, std::uint32_t subject, std::uint16_t receivers) {
  queue_.push({.at = at, .order = order_++, .subject = subject, .receivers = receivers});
}

void World::run_until(TimePoint end) {
  while (!queue_.empty() && queue_.top().at <= end && !judge_.violation()) {
    const Event event = queue_.top();
    queue_.pop();
    now_ = event.at;
    if (event.receivers != 0) {
      arrive(event.subject, event.receivers);
    } else if (hosts_[event.subject].turn_at == event.at) {  // otherwise a later request replaced it
      turn(event.subject);
    }
  }
  if (!judge_.violation()) {
    now_ = end;
  }
}

void World::arrive(FrameId frame, std::uint16_t receivers) {
  const std::vector<MemberId>& members = scenario_.groups[scenario_.members[frames_[frame].sender].group].members;
  for (std::size_t position = 0; position < members.size(); ++position) {
    if ((receivers >> position & 1U) != 0) {
      arrive(frame, members[position]);
    }
  }
  frames_.release(frame);
}

void World::arrive(FrameId frame, MemberId receiver) {
  const MachineId machine = scenario_.members[receiver].machine;
  Host& host = hosts_[machine];
  const Arrival arrival{frame, receiver, host.clock.local(now_)};
  const bool at_once = host.latency == Duration::zero() && !host.stalled && host.inbox.empty();
  if (at_once) {
    deliver(arrival);
    arm(machine);
    return;
  }
  ++frames_[frame].references;
  host.inbox.push_back(arrival);
  ask_for_turn(machine, now_ + random_.between(Duration::zero(), host.latency));
}

void World::ask_for_turn(MachineId machine, TimePoint at) {
  Host& host = hosts_[machine];
  if (!host.stalled && at < host.turn_at) {
    host.turn_at = at;
    push(at, machine, 0);
  }
}

void World::turn(MachineId machine) {
  Host& host = hosts_[machine];
  host.turn_at = kNever;
  host.armed_for = kNever;
  if (!host.on) {
    return;
  }
  std::vector<Arrival> inbox;
  inbox.swap(host.inbox);
  for (const Arrival& arrival : inbox) {
    deliver(arrival);
    frames_.release(arrival.frame);
  }
  inbox.clear();
  if (host.inbox.empty()) {
    host.inbox.swap(inbox);  // keeps the capacity
  }
  advance(machine, host.clock.local(now_));
  arm(machine);
}

// Requests a turn for the next deadline. A turn that comes too early is harmless.
void World::arm(MachineId machine) {
  Host& host = hosts_[machine];
  TimePoint deadline = kNever;
  if (host.engine) {
    deadline = host.engine->next_deadline().value_or(kNever);
  } else if (!host.foreign_deadlines.empty()) {
    deadline = host.foreign_deadlines.begin()->first;
  }
  if (!host.on || deadline >= host.armed_for) {
    return;
  }
  host.armed_for = deadline;
  const Duration lateness =
      host.latency > Duration::zero() ? random_.between(Duration::zero(), host.latency) : Duration::zero();
  ask_for_turn(machine, std::max(host.clock.truth(deadline), now_) + lateness);
}

const Frame& World::decoded(FrameId id) {
  Frame& frame = frames_[id];
  if (!frame.decoded) {
    const packet::IpInfo ip{frame.source, packet::multicast_group(frame.source.family()), packet::kRequiredTtl};
    frame.decoded = packet::decode(ip, base::Bytes(frame.bytes).first(frame.size));
  }
  return frame;
}

void World::deliver(const Arrival& arrival) {
  const Member& receiver = scenario_.members[arrival.receiver];
  const Host& host = hosts_[receiver.machine];
  const Group& group = scenario_.groups[receiver.group];
  const Frame& frame = decoded(arrival.frame);
  ++events_;
  if (!host.on || !present_[arrival.receiver] || !wire_.port(receiver.machine, group.lan).carrier) {
    judge_.lost(frame.sender, arrival.receiver, now_);
  } else if (!*frame.decoded) {
    judge_.lost(frame.sender, arrival.receiver, now_);
    refuse(arrival, frame.decoded->error().reason);
  } else if ((*frame.decoded)->fields.vrid != group.vrid) {  // corrupted
    judge_.lost(frame.sender, arrival.receiver, now_);
  } else if (scenario_.deaf != arrival.receiver) {
    hear(arrival, **frame.decoded);
  }
}

void World::refuse(const Arrival& arrival, packet::Drop reason) {
  if (is_ours(arrival.receiver)) {
    const core::PacketRejected rejected{reason, frames_[arrival.frame].source};
    host_of(arrival.receiver).engine->handle(id_of(arrival.receiver), rejected, arrival.local, actions_);
    carry_out(arrival.receiver, arrival.local, Stimulus::rejected);
  }
}

void World::hear(const Arrival& arrival, const packet::ReceivedAdvertisement& received) {
  const MemberId member = arrival.receiver;
  if (timeline_ != nullptr) {
    timeline_->member(now_, member, to_text(received));
  }
  if (is_ours(member)) {
    const bool admissible = judge_.admissible(member, received);
    if (!admissible) {
      judge_.unusable(frames_[arrival.frame].sender, member);
    }
    host_of(member).engine->handle(id_of(member), core::AdvertisementReceived{received}, arrival.local, actions_);
    carry_out({.member = member,
               .now = now_,
               .local = arrival.local,
               .stimulus = Stimulus::advertisement,
               .advertisement = &received,
               .admissible = admissible});
  } else if (foreign_[member]) {
    if (!foreign_[member]->accepts(received)) {
      judge_.unusable(frames_[arrival.frame].sender, member);
    }
    tell_foreign(member, foreign_[member]->receive(received, arrival.local));
  }
}

void World::advance(MachineId machine, TimePoint local) {
  Host& host = hosts_[machine];
  if (host.engine) {
    host.engine->advance(local, actions_);
    carry_out_timers(local);
  }
  while (!host.foreign_deadlines.empty() && host.foreign_deadlines.begin()->first <= local) {
    const MemberId member = host.foreign_deadlines.begin()->second;
    tell_foreign(member, foreign_[member]->advance(local));
  }
  host.done_until = local;
}

// Applies the actions of several routers in order.
void World::carry_out_timers(TimePoint local) {
  const std::span<const core::Action> all(actions_);
  for (std::size_t first = 0, last = 0; first < all.size(); first = last) {
    while (last < all.size() && all[last].router == all[first].router) {
      ++last;
    }
    const auto member = static_cast<MemberId>(all[first].router);
    const auto actions = all.subspan(first, last - first);
    ++events_;
    judge_.step({.member = member, .now = now_, .local = local, .stimulus = Stimulus::timer}, actions);
    transmit_all(member, actions);
  }
  actions_.clear();
}

void World::carry_out(MemberId member, TimePoint local, Stimulus stimulus) {
  carry_out({.member = member, .now = now_, .local = local, .stimulus = stimulus});
}

void World::carry_out(const Judge::Occasion& occasion) {
  judge_.step(occasion, actions_);
  transmit_all(occasion.member, actions_);
  actions_.clear();
}

void World::transmit_all(MemberId member, std::span<const core::Action> actions) {
  if (timeline_ != nullptr) {
    trace(member, actions);
  }
  for (const core::Action& action : actions) {
    if (const auto* send = std::get_if<core::SendAdvertisement>(&action.what)) {
      transmit(member, send->advertisement, send->source, *send->addresses);
    }
  }
}

void World::trace(MemberId member, std::span<const core::Action> actions) {
  for (const core::Action& action : actions) {
    timeline_->member(now_, member, to_text(action));
  }
}

void World::transmit(MemberId sender, const packet::Advertisement& fields, IpAddress source,
                     const std::vector<IpAddress>& addresses) {
  const Group& group = scenario_.groups[scenario_.members[sender].group];
  const FrameId id = frames_.acquire();
  Frame& frame = frames_[id];
  frame.sender = sender;
  frame.source = source;
  frame.references = 1;
  frame.decoded.reset();
  frame.size = packet::encode(fields, source, packet::multicast_group(group.family), addresses, frame.bytes).size();
  send_to_group(id);
  frames_.release(id);
}

// Receivers that the frame reaches at the same time share an event.
void World::send_to_group(FrameId id) {
  const MemberId sender = frames_[id].sender;
  const Member& member = scenario_.members[sender];
  const Group& group = scenario_.groups[member.group];
  Duration together{};
  std::uint16_t receivers = 0;
  const auto flush = [&] {
    if (receivers != 0) {
      ++frames_[id].references;
      push(now_ + together, id, std::exchange(receivers, std::uint16_t{0}));
    }
  };
  for (std::size_t position = 0; position < group.members.size(); ++position) {
    const MemberId receiver = group.members[position];
    if (receiver == sender) {
      continue;
    }
    const auto bit = static_cast<std::uint16_t>(1U << position);
    const Wire::Fate fate = wire_.fate(group.lan, member.machine, scenario_.members[receiver].machine);
    if (fate.copies == 0) {
      judge_.lost(sender, receiver, now_);
    }
    for (const Wire::Copy& copy : std::span(fate.copy).first(static_cast<std::size_t>(fate.copies))) {
      if (copy.after > scenario_.lans[group.lan].delay + scenario_.lans[group.lan].jitter) {
        judge_.disturb(member.group, now_ + copy.after);
      }
      if (copy.corrupted) {
        push(now_ + copy.after, corrupted_copy(id), bit);
        continue;
      }
      if (copy.after != together) {
        flush();
        together = copy.after;
      }
      receivers = static_cast<std::uint16_t>(receivers | bit);
    }
  }
  flush();
}

FrameId World::corrupted_copy(FrameId id) {
  const FrameId copy = frames_.acquire();
  frames_[copy] = frames_[id];
  frames_[copy].references = 1;
  frames_[copy].decoded.reset();
  wire_.corrupt(frames_[copy]);
  return copy;
}

void World::sweep() {
  for (MachineId machine = 0; machine < hosts_.size(); ++machine) {
    const Host& host = hosts_[machine];
    if (!host.on || !host.engine || host.stalled) {
      continue;
    }
    for (const MemberId member : host.members) {
      judge_.sweep(member, now_, host.done_until);
    }
  }
  judge_.sweep_groups(now_);
}

}  // namespace tandem::sim
