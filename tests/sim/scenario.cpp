// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace tandem::sim {

namespace {

using namespace std::chrono_literals;

// The size, the speed and the granularity of a scenario. The generator draws them first, because all other values
// depend on them.
struct Dimensions {
  std::size_t machines;
  std::size_t lans;
  std::size_t groups;
  std::size_t members_per_group;
  std::vector<Duration> intervals;  // to draw from
};

// Groups with very different intervals in one scenario make long runs: the slow groups need minutes to settle, in which
// the fast ones send thousands of adverts.
std::vector<Duration> draw_intervals(Random& random) {
  switch (random.below(4)) {
    case 0:
      return {10ms, 20ms, 50ms, 100ms};
    case 1:
      return {5s, 10s, 40s, 40950ms, 60s, 255s};
    default:
      return {100ms, 500ms, 1s, 1s, 1s, 2s, 3s};
  }
}

Dimensions draw_dimensions(Random& random) {
  const std::uint64_t size = random.below(1000);
  if (size == 0) {
    return {.machines = 6, .lans = 24, .groups = 4000, .members_per_group = 3, .intervals = {1s}};
  }
  if (size < 4) {
    return {.machines = 4, .lans = 4, .groups = 1000, .members_per_group = 3, .intervals = {500ms, 1s, 2s}};
  }
  if (size < 30) {
    return {.machines = static_cast<std::size_t>(random.between(3, 40)),
            .lans = static_cast<std::size_t>(random.between(1, 6)),
            .groups = static_cast<std::size_t>(random.between(20, 100)),
            .members_per_group = 4,
            .intervals = draw_intervals(random)};
  }
  return {.machines = static_cast<std::size_t>(random.between(2, 7)),
          .lans = static_cast<std::size_t>(random.between(1, 2)),
          .groups = static_cast<std::size_t>(random.between(1, 5)),
          .members_per_group = static_cast<std::size_t>(random.between(2, 5)),
          .intervals = draw_intervals(random)};
}

// If faults are rarer than an interval, the simulator finds little. If there are too many, no group settles.
void draw_faults(Random& random, Scenario& scenario) {
  for (std::size_t i = 0; i < kFaultCount; ++i) {
    if (random.chance(percent(40))) {
      scenario.faults.push_back(static_cast<Fault>(i));
    }
  }
  Duration fastest = Duration::max();
  Duration slowest = Duration::zero();
  for (const Member& member : scenario.members) {
    fastest = std::min(fastest, member.config.advertisement_interval);
    slowest = std::max(slowest, member.config.advertisement_interval);
  }
  const auto crowd =
      static_cast<std::int64_t>(std::min<std::size_t>(scenario.machines.size() + scenario.lans.size(), 20));
  scenario.time_between_faults = random.between(fastest / 2, 5 * slowest) / crowd + 1us;
  scenario.turbulence = scenario.members.size() > 1000 ? Duration(20s) : random.between(5 * slowest, 30 * slowest);
  scenario.turbulent_jitter = random.pick<Duration>({0us, fastest / 10, fastest, 4 * fastest});
  scenario.loss = random.pick<Ppm>({percent(1), percent(10), percent(30), percent(60)});
  scenario.rounds = static_cast<int>(random.between(1, 3));
  for (Lan& lan : scenario.lans) {
    lan.delay = random.pick<Duration>({0us, 10us, 150us, fastest / 20});
    lan.jitter = random.pick<Duration>({0us, 0us, 50us, fastest / 20});
  }
}

void draw_machines(Random& random, std::size_t count, bool with_appliances, Scenario& scenario) {
  const bool foreign = random.chance(percent(50));
  const bool good_clocks = random.chance(percent(50));
  const std::int64_t worst_rate = random.pick<std::int64_t>({100, 5'000, 100'000});
  const bool prompt = random.chance(percent(50));
  for (std::size_t i = 0; i < count; ++i) {
    Machine machine{.implementation = Implementation::tandem,
                    .clock_offset = random.between(Duration(0s), Duration(100'000s)),
                    .clock_rate = good_clocks ? 0 : random.between(-worst_rate, worst_rate),
                    .latency = prompt ? Duration(0us) : random.between(Duration(1us), Duration(500us))};
    if (foreign && i > 0 && random.chance(percent(40))) {
      machine.implementation =
          with_appliances ? Implementation::appliance : random.pick({Implementation::frr, Implementation::keepalived});
    }
    scenario.machines.push_back(machine);
  }
}

struct GroupTraits {
  Version version;
  Duration interval;
  bool mixed_intervals;
  bool equal_priorities;
  bool everybody_preempts;
  std::size_t addresses;
  ChecksumForm pinned;  // the form that pinned members use
};

GroupTraits draw_traits(Random& random, const Group& group, const Dimensions& dimensions, ChecksumForm pinned) {
  GroupTraits traits{.version = Version::v3,
                     .interval = random.pick(std::span<const Duration>(dimensions.intervals)),
                     .mixed_intervals = random.chance(percent(20)),
                     .equal_priorities = random.chance(percent(20)),
                     .everybody_preempts = random.chance(percent(60)),
                     .addresses = static_cast<std::size_t>(random.between(1, 3)),
                     .pinned = pinned};
  const bool whole_seconds = traits.interval % 1s == 0s;
  if (group.family == Family::ipv4 && whole_seconds && random.chance(percent(30))) {
    traits.version = Version::v2;
  }
  if (traits.version == Version::v3) {
    traits.interval = std::min<Duration>(traits.interval, 40950ms);
  }
  return traits;
}

RouterConfig draw_config(Random& random, const Group& group, const GroupTraits& traits, const Dimensions& dimensions) {
  RouterConfig config{{.vrid = group.vrid,
                       .version = traits.version,
                       .priority = static_cast<std::uint8_t>(random.between(1, 254)),
                       .advertisement_interval = traits.interval,
                       .preempt = traits.everybody_preempts || random.chance(percent(50)),
                       .preempt_delay = 0s,
                       .checksum = core::ChecksumMode::automatic,
                       .shutdown = false},
                      group.family,
                      virtual_addresses(group, traits.addresses)};
  if (traits.equal_priorities) {
    config.priority = 100;
  }
  if (traits.version == Version::v3 && traits.mixed_intervals) {
    config.advertisement_interval =
        std::min<Duration>(random.pick(std::span<const Duration>(dimensions.intervals)), 40950ms);
  }
  if (random.chance(percent(10))) {
    config.preempt_delay = random.between(Duration(0s), 5 * traits.interval);
  }
  if (random.chance(percent(15))) {
    config.checksum = traits.pinned == ChecksumForm::pseudoheader ? core::ChecksumMode::pseudoheader
                                                                  : core::ChecksumMode::message_only;
  }
  return config;
}

void draw_members(Random& random, const Dimensions& dimensions, ChecksumForm pinned, Scenario& scenario) {
  for (std::size_t i = 0; i < dimensions.groups; ++i) {
    // All VRIDs of IPv4 first, then those of IPv6, on one LAN after the other.
    const std::size_t lans = dimensions.lans;
    const std::size_t number = i / lans;
    Group group{.lan = static_cast<LanId>(i % lans),
                .family = (number / 255 + number % 255) % 2 == 0 ? Family::ipv4 : Family::ipv6,
                .vrid = packet::Vrid(static_cast<unsigned>(number % 255) + 1),
                .members = {}};
    const GroupTraits traits = draw_traits(random, group, dimensions, pinned);
    const bool with_owner = random.chance(percent(10));
    const std::size_t count = std::min(dimensions.members_per_group, scenario.machines.size());
    const auto first = random.below(scenario.machines.size());
    for (std::size_t m = 0; m < count; ++m) {
      Member member{.group = static_cast<GroupId>(i),
                    .machine = static_cast<MachineId>((first + m) % scenario.machines.size()),
                    .config = draw_config(random, group, traits, dimensions),
                    .owner = with_owner && (m == 0 || random.chance(percent(10)))};
      if (scenario.machines[member.machine].implementation != Implementation::tandem) {
        member.config.preempt_delay = 0s;
        member.owner = false;
      }
      group.members.push_back(static_cast<MemberId>(scenario.members.size()));
      scenario.members.push_back(std::move(member));
    }
    scenario.groups.push_back(std::move(group));
  }
}

// The delay belongs to a machine, as in the configuration. It is drawn last, so that scenarios of other seeds do not
// change.
void draw_startup_delays(Random& random, Scenario& scenario) {
  Duration slowest{};
  for (const Member& member : scenario.members) {
    slowest = std::max(slowest, member.config.advertisement_interval);
  }
  std::vector<Duration> delays(scenario.machines.size());
  if (random.chance(percent(30))) {
    for (Duration& delay : delays) {
      delay = random.chance(percent(70)) ? random.between(Duration(0us), 6 * slowest) : Duration(0us);
    }
  }
  for (Member& member : scenario.members) {
    if (scenario.machines[member.machine].implementation == Implementation::tandem) {
      member.config.startup_delay = delays[member.machine];
    }
  }
}

std::string_view to_string(Fault fault) {
  constexpr std::array<std::string_view, kFaultCount> kNames{
      "crash",       "restart",    "carrier", "deafness",    "partition", "loss",     "delay",
      "duplication", "corruption", "stall",   "reconfigure", "migration", "renumber", "removal"};
  return kNames[static_cast<std::size_t>(fault)];
}

}  // namespace

std::string_view to_string(Implementation implementation) {
  switch (implementation) {
    case Implementation::tandem:
      return "tandem";
    case Implementation::frr:
      return "frr";
    case Implementation::keepalived:
      return "keepalived";
    case Implementation::appliance:
      return "appliance";
  }
  return "?";
}

Scenario draw_scenario(std::uint64_t seed) {
  Random random(seed);
  Scenario scenario{};
  scenario.seed = seed;
  const Dimensions dimensions = draw_dimensions(random);
  const auto pinned = random.chance(percent(25)) ? ChecksumForm::message_only : ChecksumForm::pseudoheader;
  draw_machines(random, dimensions.machines, pinned == ChecksumForm::message_only, scenario);
  scenario.lans.resize(dimensions.lans);
  draw_members(random, dimensions, pinned, scenario);
  draw_faults(random, scenario);
  draw_startup_delays(random, scenario);
  return scenario;
}

Scenario benchmark_scenario(GroupId groups) {
  Scenario scenario{};
  scenario.lans.assign(4, {.delay = 150us, .jitter = 0us});
  for (int i = 0; i < 3; ++i) {
    scenario.machines.push_back({.implementation = Implementation::tandem,
                                 .clock_offset = std::chrono::seconds(100 * i),
                                 .clock_rate = 10 * i,
                                 .latency = 0us});
  }
  for (GroupId i = 0; i < groups; ++i) {
    Group group{.lan = i % 4, .family = Family::ipv4, .vrid = packet::Vrid(i / 4 + 1), .members = {}};
    for (MachineId m = 0; m < 3; ++m) {
      group.members.push_back(static_cast<MemberId>(scenario.members.size()));
      scenario.members.push_back({.group = i,
                                  .machine = m,
                                  .config = {{.vrid = group.vrid,
                                              .version = Version::v3,
                                              .priority = static_cast<std::uint8_t>(100 + (i + 50 * m) % 150),
                                              .advertisement_interval = 1s,
                                              .preempt = true,
                                              .preempt_delay = 0s,
                                              .checksum = core::ChecksumMode::automatic,
                                              .shutdown = false},
                                             group.family,
                                             virtual_addresses(group, 1)},
                                  .owner = false});
    }
    scenario.groups.push_back(std::move(group));
  }
  scenario.time_between_faults = 1s;
  return scenario;
}

std::string describe(const Scenario& scenario) {
  const auto foreign = std::count_if(scenario.machines.begin(), scenario.machines.end(), [](const Machine& machine) {
    return machine.implementation != Implementation::tandem;
  });
  std::string faults;
  for (const Fault fault : scenario.faults) {
    faults += fmt::format("{}{}", faults.empty() ? "" : ", ", to_string(fault));
  }
  return fmt::format("seed {}: {} machines ({} foreign), {} LANs, {} groups, {} routers; faults: {}", scenario.seed,
                     scenario.machines.size(), foreign, scenario.lans.size(), scenario.groups.size(),
                     scenario.members.size(), faults.empty() ? "none" : faults);
}

std::string name_of(const Scenario& scenario, GroupId group) {
  const Group& which = scenario.groups[group];
  return fmt::format("vrrp {} on lan {} ({})", which.vrid.value(), which.lan, base::to_string(which.family));
}

IpAddress interface_address(MachineId machine, LanId lan, Family family, unsigned number) {
  const auto high = static_cast<std::uint8_t>(number);
  const auto low = static_cast<std::uint8_t>(machine + 1);
  if (family == Family::ipv4) {
    return IpAddress::v4(10, static_cast<std::uint8_t>(lan), high, low);
  }
  const std::array<std::uint8_t, 16> bytes{0xfe, 0x80, 0,    0,  0, 0, 0, 0, 0, 0, 0, static_cast<std::uint8_t>(lan),
                                           0,    0,    high, low};
  return IpAddress::from_bytes(bytes);
}

core::AddressList virtual_addresses(const Group& group, std::size_t count) {
  auto addresses = std::make_shared<std::vector<IpAddress>>();
  const std::uint8_t vrid = group.vrid.value();
  for (std::size_t i = 0; i < count; ++i) {
    const auto low = static_cast<std::uint8_t>(i);
    if (group.family == Family::ipv4) {
      addresses->push_back(IpAddress::v4(192, 168, vrid, low));
    } else {
      std::array<std::uint8_t, 16> bytes{};
      bytes[0] = i == 0 ? 0xfe : 0x20;
      bytes[1] = i == 0 ? 0x80 : 0x01;
      bytes[14] = vrid;
      bytes[15] = low;
      addresses->push_back(IpAddress::from_bytes(bytes));
    }
  }
  return addresses;
}

}  // namespace tandem::sim
