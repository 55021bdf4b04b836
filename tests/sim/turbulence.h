// SPDX-License-Identifier: Apache-2.0
// What goes wrong, and when: draws faults of the kinds that the scenario has, and undoes each after a while.
#pragma once

#include <functional>
#include <map>

#include "tests/sim/world.h"

namespace tandem::sim {

class Turbulence {
 public:
  Turbulence(World& world, Random random);

  void begin(TimePoint now);
  // Undoes everything that is broken: from now on there is peace.
  void end();
  TimePoint next() const;  // when act() wants to be called
  void act();              // whatever is due at world.now()

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
  // Configures every router of a group, one after the other; not if that is going on already, because two roll-outs at
  // a time could leave routers that disagree for good.
  void roll_out(GroupId group, const std::function<void(RouterConfig&)>& change);

  World& world_;
  Random random_;
  bool active_ = false;
  TimePoint next_fault_ = TimePoint::max();
  std::set<GroupId> rolling_;                 // groups whose routers are being reconfigured one after the other
  std::multimap<TimePoint, Change> changes_;  // repairs, and the rest of what takes several steps
};

}  // namespace tandem::sim
