// SPDX-License-Identifier: Apache-2.0
// The simulated world: machines with the real core::Engine (or a model of a foreign router), LANs between them, and one
// queue of events in true time. The results do not depend on memory addresses, hash order or a clock.
//
// A machine works in turns, like the daemon's event loop. A packet or a due timer requests a turn, which comes after
// the machine's latency. The turn first delivers all packets that have arrived, each with its arrival time, and then
// advances the engine to the present.
#pragma once

#include <functional>
#include <memory>
#include <queue>
#include <set>
#include <vector>

#include "tests/sim/clock.h"
#include "tests/sim/foreign.h"
#include "tests/sim/judge.h"
#include "tests/sim/timeline.h"
#include "tests/sim/wire.h"
#include "vrrpd/core/engine.h"

namespace tandem::sim {

class World {
 public:
  // At first all machines are off. `timeline` may be null.
  World(const Scenario& scenario, Random random, Timeline* timeline);

  // Runs until `end` or the first violation.
  void run_until(TimePoint end);
  TimePoint now() const { return now_; }
  Judge& judge() { return judge_; }
  Wire& wire() { return wire_; }
  const Scenario& scenario() const { return scenario_; }
  Timeline* timeline() { return timeline_; }
  std::uint64_t events() const { return events_; }
  // Checks the conditions that only time can violate.
  void sweep();

  // Levers: power.
  void boot(MachineId machine);
  void crash(MachineId machine);
  void shut_down(MachineId machine);  // orderly: stops the routers, then the machine
  bool is_on(MachineId machine) const { return hosts_[machine].on; }
  void stall(MachineId machine);  // it does nothing until resume(); packets wait
  void resume(MachineId machine);

  // Levers: configuration, only of Tandem routers. While the machine is off they have no effect until it boots.
  const RouterConfig& config(MemberId member) const { return configs_[member]; }
  void configure(MemberId member, const RouterConfig& config);
  void remove(MemberId member);
  void restore(MemberId member);
  // Reports the status of a port to all its routers, after a change of wire().port().
  void port_changed(MachineId machine, LanId lan);

 private:
  static constexpr TimePoint kNever = TimePoint::max();

  struct Arrival {
    FrameId frame;
    MemberId receiver;
    TimePoint local;
  };
  struct Host {
    LocalClock clock;
    Duration latency;
    bool on = false;
    bool stalled = false;
    std::vector<std::function<void()>> backlog{};  // inputs for when it works again
    TimePoint turn_at = kNever;                    // true time of the next requested turn
    TimePoint armed_for = kNever;                  // the deadline (local) of that request
    TimePoint done_until{};                        // local: all work due before this time is done
    std::vector<Arrival> inbox{};
    std::unique_ptr<core::Engine> engine{};                        // Tandem's engine
    std::set<std::pair<TimePoint, MemberId>> foreign_deadlines{};  // of foreign routers
    std::vector<MemberId> members{};
    std::vector<std::optional<TimePoint>> link_since{};  // local, by LAN: none while it is down
  };
  // An event: a frame reaches some members of its sender's group, or a machine has a turn.
  struct Event {
    TimePoint at;
    std::uint64_t order;
    std::uint32_t subject;    // frame or machine
    std::uint16_t receivers;  // of a frame, by position in the group; 0: a turn
    bool operator>(const Event& other) const { return at != other.at ? at > other.at : order > other.order; }
  };

  static core::RouterId id_of(MemberId member) { return core::RouterId{member}; }
  Host& host_of(MemberId member) { return hosts_[scenario_.members[member].machine]; }
  bool is_ours(MemberId member) const {
    return scenario_.machines[scenario_.members[member].machine].implementation == Implementation::tandem;
  }
  core::InterfaceStatus status_of(MemberId member);
  void look_at_link(MachineId machine, LanId lan);

  // world.cpp: the machinery
  void push(TimePoint at, std::uint32_t subject, std::uint16_t receivers);
  void arrive(FrameId frame, std::uint16_t receivers);
  void arrive(FrameId frame, MemberId receiver);
  void ask_for_turn(MachineId machine, TimePoint at);
  void turn(MachineId machine);
  void arm(MachineId machine);
  void deliver(const Arrival& arrival);
  void hear(const Arrival& arrival, const packet::ReceivedAdvertisement& received);
  void refuse(const Arrival& arrival, packet::Drop reason);
  void advance(MachineId machine, TimePoint local);
  // actions_ contains the actions that `member` requests in answer to a stimulus.
  void carry_out(MemberId member, TimePoint local, Stimulus stimulus);
  void carry_out(const Judge::Occasion& occasion);
  void carry_out_timers(TimePoint local);
  void transmit_all(MemberId member, std::span<const core::Action> actions);
  const Frame& decoded(FrameId id);
  void send_to_group(FrameId id);
  FrameId corrupted_copy(FrameId id);
  void transmit(MemberId sender, const packet::Advertisement& fields, IpAddress source,
                const std::vector<IpAddress>& addresses);
  void trace(MemberId member, std::span<const core::Action> actions);
  void working_changed(MachineId machine);
  void tell(MemberId member);  // passes its configuration on
  void work_off(Host& host);

  // world_levers.cpp
  void start(MemberId member);
  void start_foreign(MemberId member);
  void stop_foreign(MemberId member);
  void tell_foreign(MemberId member, const ForeignRouter::Priorities& priorities);
  void switch_off(MachineId machine);

  const Scenario& scenario_;
  Random random_;
  Timeline* timeline_;
  Judge judge_;
  Wire wire_;
  FramePool frames_;
  std::vector<Host> hosts_;
  std::vector<RouterConfig> configs_;                  // by member
  std::vector<bool> present_;                          // by member: it is configured
  std::vector<std::optional<ForeignRouter>> foreign_;  // by member
  std::vector<TimePoint> foreign_armed_;               // by member: its entry in foreign_deadlines
  std::priority_queue<Event, std::vector<Event>, std::greater<>> queue_;
  std::uint64_t order_ = 0;
  std::uint64_t events_ = 0;
  TimePoint now_{};
  core::Actions actions_;
};

}  // namespace tandem::sim
