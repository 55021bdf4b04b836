// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/simulation.h"

#include <algorithm>
#include <chrono>

#include "tests/sim/turbulence.h"

namespace tandem::sim {

namespace {

using namespace std::chrono_literals;

// The cost of a sweep is proportional to the number of routers. With fewer routers, sweeps are more frequent and find a
// silent violation sooner.
Duration sweep_interval(const Scenario& scenario) {
  Duration fastest = Duration::max();
  for (const Member& member : scenario.members) {
    fastest = std::min(fastest, member.config.advertisement_interval);
  }
  return std::max<Duration>(fastest / 2, scenario.members.size() * 1ms);
}

class Run {
 public:
  Run(const Scenario& scenario, Timeline* timeline)
      : random_(scenario.seed),
        world_(scenario, random_.fork(), timeline),
        turbulence_(world_, random_.fork()),
        sweep_interval_(sweep_interval(scenario)) {}

  World& world() { return world_; }
  Turbulence& turbulence() { return turbulence_; }

  void boot(bool at_once) {
    for (MachineId machine = 0; machine < world_.scenario().machines.size(); ++machine) {
      if (!at_once) {
        run_for(random_.between(Duration(0us), world_.scenario().time_between_faults));
      }
      world_.boot(machine);
    }
  }

  void run_for(Duration length) {
    const TimePoint end = world_.now() + length;
    while (world_.now() < end && !world_.judge().violation()) {
      world_.run_until(std::min({end, turbulence_.next(), next_sweep_}));
      turbulence_.act();
      if (world_.now() >= next_sweep_) {
        world_.sweep();
        next_sweep_ = world_.now() + sweep_interval_;
      }
    }
  }

  Outcome outcome() {
    return {.violation = world_.judge().violation(),
            .simulated = world_.now().time_since_epoch(),
            .events = world_.events(),
            .digest = world_.judge().digest()};
  }

 private:
  Random random_;
  World world_;
  Turbulence turbulence_;
  Duration sweep_interval_;
  TimePoint next_sweep_{};
};

}  // namespace

Outcome simulate(const Scenario& scenario, Timeline* timeline) {
  Run run(scenario, timeline);
  run.boot(false);
  for (int round = 0; round < scenario.rounds && !run.world().judge().violation(); ++round) {
    run.turbulence().begin(run.world().now());
    run.run_for(scenario.turbulence);
    run.turbulence().end();
    // Packets sent before may still be under way.
    run.world().judge().disturb_everybody(run.world().now() + scenario.turbulent_jitter + 1s);
    const Duration settling = run.world().judge().settling_time();
    run.run_for(settling + settling / 2 + scenario.turbulent_jitter + 2s);
  }
  return run.outcome();
}

Outcome simulate_peace(const Scenario& scenario, Duration length) {
  Run run(scenario, nullptr);
  run.boot(true);
  run.run_for(length);
  return run.outcome();
}

std::string report(const Scenario& scenario, const Violation& violation) {
  constexpr std::size_t kLines = 60;
  Timeline timeline(scenario, violation.group, kLines);
  simulate(scenario, &timeline);
  std::string text = fmt::format("{}\n", describe(scenario));
  for (const std::string& line : timeline.lines()) {
    text += fmt::format("  {}\n", line);
  }
  const std::string who = violation.member ? fmt::format("machine {}, {}", scenario.members[*violation.member].machine,
                                                         name_of(scenario, violation.group))
                                           : name_of(scenario, violation.group);
  const std::int64_t us = violation.at.time_since_epoch().count();
  return text + fmt::format("violation at {}.{:06} by {}: {}\nreplay: tools/sim --seeds 1 --first-seed {} --trace\n",
                            us / 1'000'000, us % 1'000'000, who, violation.what, scenario.seed);
}

}  // namespace tandem::sim
