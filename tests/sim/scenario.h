// SPDX-License-Identifier: Apache-2.0
// The meaning of a seed: LANs, machines, groups of virtual routers on them, and kinds of faults. This value and the
// seed determine the whole run, so a seed is a complete bug report.
//
// Swarm testing: each seed switches some kinds of faults off, because a fault that is always present hides failures
// that occur without it.
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

// The implementation that a machine runs: Tandem, or a simple model of another one (foreign.h).
enum class Implementation : std::uint8_t { tandem, frr, keepalived, appliance };
std::string_view to_string(Implementation implementation);

struct Machine {
  Implementation implementation;
  Duration clock_offset;
  std::int64_t clock_rate;  // millionths
  Duration latency;         // the longest time that a packet or a due timer waits until the machine processes it
};
struct Lan {
  Duration delay;
  Duration jitter;  // in addition to the delay, also without disturbance
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
  crash,        // a machine loses power, and boots again
  restart,      // the daemon stops in an orderly way, and starts again
  carrier,      // a cable is unplugged, and the machine sees it
  deafness,     // a port does not receive or does not send, and its router does not see it
  partition,    // a LAN splits; the two directions separately
  loss,         // of random packets
  delay,        // jitter: also reordering
  duplication,  // of random packets
  corruption,   // one bit of random packets
  stall,        // a machine does nothing for a while; packets wait in its sockets
  reconfigure,  // one router: priority, interval, preemption, addresses, shutdown; v2: the whole group's interval
  migration,    // a group changes its version, one router after the other
  renumber,     // an interface gets another primary address, or has none for a while
  removal,      // a virtual router is removed from the configuration, and added again
};
inline constexpr std::size_t kFaultCount = static_cast<std::size_t>(Fault::removal) + 1;

struct Scenario {
  std::uint64_t seed;
  std::vector<Machine> machines;
  std::vector<Lan> lans;
  std::vector<Group> groups;
  std::vector<Member> members;

  std::vector<Fault> faults;     // the kinds of faults that this seed has
  Duration time_between_faults;  // mean, during turbulence
  Duration turbulence;           // length of a turbulent phase
  Duration turbulent_jitter;     // longest extra delay during turbulence
  Ppm loss;                      // of a LAN that has Fault::loss
  int rounds;                    // of turbulence and quiet

  // For tests of the simulator itself: a router that receives nothing that the wire delivers to it.
  std::optional<MemberId> deaf;
};

// Returns the scenario of a seed: usually small with many faults, sometimes with up to 12 000 routers.
Scenario draw_scenario(std::uint64_t seed);

// Returns 3 machines with so many groups on 4 LANs, 1 s: three times as many routers, without faults. For measurements
// of speed.
Scenario benchmark_scenario(GroupId groups);

// Returns "seed 7: 3 machines (1 frr), 2 LANs, 5 groups, 12 routers; faults: crash, loss".
std::string describe(const Scenario& scenario);

// Return "vrrp 5 on lan 0 (IPv4)", "machine 2".
std::string name_of(const Scenario& scenario, GroupId group);

// Returns the address of a machine on a LAN; `number` counts the renumberings.
IpAddress interface_address(MachineId machine, LanId lan, Family family, unsigned number);
// Returns the virtual addresses of a group; the first is link-local in IPv6 (R15).
core::AddressList virtual_addresses(const Group& group, std::size_t count);

}  // namespace tandem::sim
