// SPDX-License-Identifier: Apache-2.0
// Draws faults of the scenario's kinds with their times, and undoes each fault after a while.
#pragma once

#include <functional>
#include <map>

#include "tests/sim/world.h"

namespace tandem::sim {

class Turbulence {
 public:
  Turbulence(World& world, Random random);

  void begin(TimePoint now);
  // Undoes all faults: from now on there is no disturbance.
  void end();
  TimePoint next() const;  // when act() is due
  void act();              // carries out the changes that are due at world.now()

 private:
  using Change = std::function<void()>;

  void draw();
  void apply(Fault fault);
  void later(Duration after, Change change);
  Duration a_while();
  void note(MachineId machine, std::string_view what);
  void note_lan(LanId lan, std::string_view what);

  MachineId any_machine() { return static_cast<MachineId>(random_.below(world_.scenario().machines.size())); }
  LanId any_lan() { return static_cast<LanId>(random_.below(world_.scenario().lans.size())); }
  MemberId any_member() { return static_cast<MemberId>(random_.below(world_.scenario().members.size())); }

  void switch_off(Fault fault);
  void pull_cable();
  void deafen();
  void split();
  void worsen(Fault fault);
  void stall();
  void reconfigure();
  void change_v2_interval(GroupId group);
  void migrate();
  void renumber();
  void remove();
  // Configures all routers of a group, one after the other. Does nothing if such a change is already running for the
  // group: two changes at a time could leave routers that disagree permanently.
  void roll_out(GroupId group, const std::function<void(RouterConfig&)>& change);

  World& world_;
  Random random_;
  bool active_ = false;
  TimePoint next_fault_ = TimePoint::max();
  std::set<GroupId> rolling_;                 // groups in such a change
  std::multimap<TimePoint, Change> changes_;  // repairs, and further steps of changes
};

}  // namespace tandem::sim
