// SPDX-License-Identifier: Apache-2.0
// What a seed means: LANs, machines, groups of virtual routers on them, and which faults there are. Everything that a
// run does follows from this value and the seed, so a seed is a complete bug report.
//
// Swarm testing: each seed switches some kinds of faults off altogether, because a fault that is always there hides
// what happens without it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/sim/random.h"
#include "vrrpd/core/types.h"

namespace tandem::sim {

namespace core = vrrpd::core;
namespace packet = vrrpd::packet;
using base::Duration;
using base::Family;
using base::IpAddress;
using base::TimePoint;
using core::RouterConfig;
using packet::ChecksumForm;
using packet::Version;

using LanId = std::uint32_t;
using MachineId = std::uint32_t;
using GroupId = std::uint32_t;
using MemberId = std::uint32_t;  // one virtual router on one machine

// What runs on a machine: ours, or a simple model of how others behave (foreign.h).
enum class Implementation : std::uint8_t { tandem, frr, keepalived, appliance };
std::string_view to_string(Implementation implementation);

struct Machine {
  Implementation implementation;
  Duration clock_offset;
  std::int64_t clock_rate;  // millionths
  Duration latency;         // the longest that a packet or a due timer waits for its turn
};
struct Lan {
  Duration delay;
  Duration jitter;  // on top of the delay, also while all is quiet
};
struct Member {
  GroupId group;
  MachineId machine;
  RouterConfig config;
  bool owner;  // the machine's interface has the first virtual address
};
struct Group {
  LanId lan;
  Family family;
  packet::Vrid vrid;
  std::vector<MemberId> members;
};

enum class Fault : std::uint8_t {
  crash,        // a machine loses power, and comes back
  restart,      // the daemon is stopped properly, and started again
  carrier,      // a cable is pulled, and the machine sees it
  deafness,     // a port does not hear, or is not heard, and its router does not see it
  partition,    // a LAN falls apart; the two directions separately
  loss,         // of random packets
  delay,        // jitter: also reordering
  duplication,  // of random packets
  corruption,   // one bit of random packets
  stall,        // a machine does nothing for a while; packets wait in its sockets
  reconfigure,  // one router: priority, interval, preemption, addresses, shutdown; v2: the whole group's interval
  migration,    // a group changes its version, one router after the other
  renumber,     // an interface gets another primary address, or none for a while
  removal,      // a virtual router is removed from the configuration, and comes back
};
inline constexpr std::size_t kFaultCount = static_cast<std::size_t>(Fault::removal) + 1;

struct Scenario {
  std::uint64_t seed;
  std::vector<Machine> machines;
  std::vector<Lan> lans;
  std::vector<Group> groups;
  std::vector<Member> members;

  std::vector<Fault> faults;     // those that this seed has
  Duration time_between_faults;  // mean, while it is turbulent
  Duration turbulence;           // length of a turbulent phase
  Duration turbulent_jitter;     // longest extra delay while it is turbulent
  Ppm loss;                      // of a LAN that has Fault::loss
  int rounds;                    // of turbulence and quiet

  // Planted by tests of the simulator itself: a router that hears nothing of what the wire delivers to it.
  std::optional<MemberId> deaf;
};

// The scenario of a seed: mostly small with many faults, now and then up to 12 000 routers.
Scenario draw_scenario(std::uint64_t seed);

// 3 machines with so many groups on 4 LANs, 1 s: three times as many routers, and nothing disturbs their peace. To
// measure speed.
Scenario benchmark_scenario(GroupId groups);

// "seed 7: 3 machines (1 frr), 2 LANs, 5 groups, 12 routers; faults: crash, loss".
std::string describe(const Scenario& scenario);

// "vrrp 5 on lan 0 (IPv4)", "machine 2".
std::string name_of(const Scenario& scenario, GroupId group);

// The address that a machine has on a LAN; `number` counts the renumberings.
IpAddress interface_address(MachineId machine, LanId lan, Family family, unsigned number);
// The virtual addresses of a group; the first is link-local in IPv6 (R15).
core::AddressList virtual_addresses(const Group& group, std::size_t count);

}  // namespace tandem::sim
