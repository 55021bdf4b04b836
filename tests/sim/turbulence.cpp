// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/turbulence.h"

#include <algorithm>
#include <chrono>

namespace tandem::sim {

using namespace std::chrono_literals;

Turbulence::Turbulence(World& world, Random random) : world_(world), random_(random) {}

void Turbulence::begin(TimePoint now) {
  active_ = true;
  next_fault_ = world_.scenario().faults.empty() ? TimePoint::max() : now + a_while();
}

void Turbulence::end() {
  active_ = false;
  next_fault_ = TimePoint::max();
  while (!changes_.empty()) {  // in the order of their times
    const Change change = std::move(changes_.begin()->second);
    changes_.erase(changes_.begin());
    change();
  }
  world_.wire().calm();
}

TimePoint Turbulence::next() const {
  return changes_.empty() ? next_fault_ : std::min(next_fault_, changes_.begin()->first);
}

void Turbulence::act() {
  while (!changes_.empty() && changes_.begin()->first <= world_.now()) {
    const Change change = std::move(changes_.begin()->second);
    changes_.erase(changes_.begin());
    change();
  }
  if (active_ && next_fault_ <= world_.now()) {
    next_fault_ = world_.now() + a_while();
    const std::vector<Fault>& faults = world_.scenario().faults;
    apply(random_.pick(std::span<const Fault>(faults)));
  }
}

void Turbulence::later(Duration after, Change change) { changes_.emplace(world_.now() + after, std::move(change)); }

Duration Turbulence::a_while() { return random_.between(1us, 2 * world_.scenario().time_between_faults); }

void Turbulence::note(MachineId machine, std::string_view what) {
  if (world_.timeline() != nullptr) {
    world_.timeline()->machine(world_.now(), machine, what);
  }
}

void Turbulence::note_lan(LanId lan, std::string_view what) {
  if (world_.timeline() != nullptr) {
    world_.timeline()->lan(world_.now(), lan, what);
  }
}

void Turbulence::apply(Fault fault) {
  switch (fault) {
    case Fault::crash:
    case Fault::restart:
      return switch_off(fault);
    case Fault::carrier:
      return pull_cable();
    case Fault::deafness:
      return deafen();
    case Fault::partition:
      return split();
    case Fault::loss:
    case Fault::delay:
    case Fault::duplication:
    case Fault::corruption:
      return worsen(fault);
    case Fault::stall:
      return stall();
    case Fault::reconfigure:
      return reconfigure();
    case Fault::migration:
      return migrate();
    case Fault::renumber:
      return renumber();
    case Fault::removal:
      return remove();
  }
}

void Turbulence::switch_off(Fault fault) {
  const MachineId machine = any_machine();
  if (!world_.is_on(machine)) {
    return;
  }
  if (fault == Fault::crash) {
    note(machine, "loses power");
    world_.crash(machine);
  } else {
    note(machine, "is shut down");
    world_.shut_down(machine);
  }
  later(a_while() * 3, [this, machine] {
    note(machine, "boots");
    world_.boot(machine);
  });
}

void Turbulence::pull_cable() {
  const MachineId machine = any_machine();
  const LanId lan = any_lan();
  const auto set = [this, machine, lan](bool carrier) {
    note(machine, fmt::format("carrier {} on lan {}", carrier ? "up" : "down", lan));
    world_.wire().port(machine, lan).carrier = carrier;
    world_.port_changed(machine, lan);
  };
  set(false);
  later(a_while() * 2, [set] { set(true); });
}

void Turbulence::deafen() {
  const MachineId machine = any_machine();
  const LanId lan = any_lan();
  const bool mute = random_.chance(percent(50));
  const auto set = [this, machine, lan, mute](bool works) {
    note(machine, fmt::format("{} {} on lan {}", works ? "is again" : "is not", mute ? "heard" : "hearing", lan));
    Port& port = world_.wire().port(machine, lan);
    (mute ? port.is_heard : port.hears) = works;
  };
  set(false);
  later(a_while() * 3, [set] { set(true); });
}

void Turbulence::split() {
  const LanId lan = any_lan();
  Conditions& present = world_.wire().conditions(lan);
  present.split = static_cast<std::uint32_t>(random_.next());
  const std::uint64_t how = random_.below(3);
  present.cut_up = how != 0;
  present.cut_down = how != 1;
  note_lan(lan, fmt::format("splits: {:08x}{}{}", present.split, present.cut_up ? ", no way up" : "",
                            present.cut_down ? ", no way down" : ""));
  later(a_while() * 3, [this, lan] {
    note_lan(lan, "is whole again");
    world_.wire().conditions(lan).cut_up = false;
    world_.wire().conditions(lan).cut_down = false;
  });
}

void Turbulence::worsen(Fault fault) {
  const LanId lan = any_lan();
  const auto set = [this, lan, fault](bool bad) {
    const Scenario& scenario = world_.scenario();
    Conditions& present = world_.wire().conditions(lan);
    note_lan(lan, fmt::format("{} {}",
                              fault == Fault::loss    ? "loss"
                              : fault == Fault::delay ? "delay"
                                                      : "duplication or corruption",
                              bad ? "begins" : "ends"));
    if (fault == Fault::loss) {
      present.loss = bad ? scenario.loss : 0;
    } else if (fault == Fault::delay) {
      present.jitter = bad ? scenario.turbulent_jitter : Duration::zero();
    } else if (fault == Fault::duplication) {
      present.duplication = bad ? percent(20) : 0;
    } else {
      present.corruption = bad ? percent(5) : 0;
    }
  };
  set(true);
  later(a_while() * 4, [set] { set(false); });
}

void Turbulence::stall() {
  const MachineId machine = any_machine();
  note(machine, "stalls");
  world_.stall(machine);
  later(a_while(), [this, machine] {
    note(machine, "works again");
    world_.resume(machine);
  });
}

void Turbulence::reconfigure() {
  const MemberId member = any_member();
  RouterConfig config = world_.config(member);
  switch (random_.below(6)) {
    case 0:
      config.priority = static_cast<std::uint8_t>(random_.between(1, 254));
      break;
    case 1:
      config.preempt = !config.preempt;
      break;
    case 2:
      config.preempt_delay =
          random_.pick<Duration>({0us, config.advertisement_interval, 7 * config.advertisement_interval});
      break;
    case 3:
      if (config.version == Version::v2) {
        return change_v2_interval(world_.scenario().members[member].group);
      }
      config.advertisement_interval = world_.config(any_member()).advertisement_interval;
      config.advertisement_interval = std::min<Duration>(config.advertisement_interval, 40950ms);
      break;
    case 4:
      if (config.version == Version::v2) {
        return;  // routers that disagree about the addresses ignore each other's adverts
      }
      config.addresses = virtual_addresses(world_.scenario().groups[world_.scenario().members[member].group],
                                           static_cast<std::size_t>(random_.between(1, 4)));
      break;
    default:
      config.shutdown = true;
      later(a_while() * 2, [this, member] {
        RouterConfig again = world_.config(member);
        again.shutdown = false;
        world_.configure(member, again);
      });
  }
  world_.configure(member, config);
}

void Turbulence::change_v2_interval(GroupId group) {
  const Duration interval = random_.pick<Duration>({1s, 2s, 5s});
  roll_out(group, [interval](RouterConfig& config) { config.advertisement_interval = interval; });
}

void Turbulence::migrate() {
  const auto group = static_cast<GroupId>(random_.below(world_.scenario().groups.size()));
  const RouterConfig& present = world_.config(world_.scenario().groups[group].members.front());
  if (present.family == Family::ipv6) {
    return;
  }
  const Version next = present.version == Version::v2 ? Version::v3 : Version::v2;
  const Duration interval = next == Version::v2 ? random_.pick<Duration>({1s, 2s})
                                                : std::min<Duration>(present.advertisement_interval, 40950ms);
  roll_out(group, [this, next, interval, group](RouterConfig& config) {
    config.version = next;
    config.advertisement_interval = interval;
    config.addresses = virtual_addresses(world_.scenario().groups[group], 2);
  });
}

void Turbulence::roll_out(GroupId group, const std::function<void(RouterConfig&)>& change) {
  const Scenario& scenario = world_.scenario();
  const std::vector<MemberId>& members = scenario.groups[group].members;
  const bool all_ours = std::all_of(members.begin(), members.end(), [&](MemberId member) {
    return scenario.machines[scenario.members[member].machine].implementation == Implementation::tandem;
  });
  if (!all_ours || !rolling_.insert(group).second) {  // the simulator cannot reconfigure foreign routers
    return;
  }
  Duration after{};
  for (const MemberId member : members) {
    later(after, [this, member, change] {
      RouterConfig config = world_.config(member);
      change(config);
      world_.configure(member, config);
    });
    after += a_while();
  }
  later(after, [this, group] { rolling_.erase(group); });
}

void Turbulence::renumber() {
  const MachineId machine = any_machine();
  const LanId lan = any_lan();
  const auto set = [this, machine, lan](bool has_primary) {
    note(machine, fmt::format("{} on lan {}", has_primary ? "has another address" : "loses its address", lan));
    Port& port = world_.wire().port(machine, lan);
    port.has_primary = has_primary;
    port.number = (port.number + 1) % 250;
    world_.port_changed(machine, lan);
  };
  if (random_.chance(percent(50))) {
    set(false);
    later(a_while(), [set] { set(true); });
  } else {
    set(true);
  }
}

void Turbulence::remove() {
  const MemberId member = any_member();
  world_.remove(member);
  later(a_while() * 2, [this, member] { world_.restore(member); });
}

}  // namespace tandem::sim
