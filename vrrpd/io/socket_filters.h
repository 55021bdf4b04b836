// SPDX-License-Identifier: Apache-2.0
// The socket filters of this folder (lib/net/bpf.h): what a flooded socket does not even queue. Pure: a test interprets
// them. Decision 0025.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "lib/base/ids.h"
#include "lib/base/ip.h"
#include "lib/net/bpf.h"

namespace tandem::vrrpd::io {

// What of VRRP can concern the virtual routers of one interface and family.
struct Expected {
  std::bitset<256> vrids;
  std::vector<base::IpAddress> masters;  // whom the Backups among them follow; the first kMaxKnownMasters count
  // By VRID: an advert of lower priority from any other router changes no state. 0: each advert may.
  std::array<std::uint8_t, 256> least_priority{};
};

// Masters that a filter knows: a LAN has a few routers, and a jump of classic BPF reaches 255 instructions.
inline constexpr std::size_t kMaxKnownMasters = 16;

// Adverts of routers other than the Masters that are followed.
enum class Strangers {
  pass,
  winning,  // those of the least priority or more pass, of others one in kSampling
  sampled,  // one in kSampling passes
};
inline constexpr std::uint32_t kSampling = 64;  // a power of two

// Different least priorities that a filter knows; of more, some count as a lower one.
inline constexpr std::size_t kMaxPriorityClasses = 8;

// Lets through what passes the first checks of packet::decode() (group, TTL or hop limit, version, type) and is for one
// of these VRIDs.
net::FilterProgram advert_filter(base::Family family, const Expected& expected, Strangers strangers);

// Of a raw socket for ICMPv6 that hears router solicitations: lets through those that RFC 4861 §6.1.1 takes and that
// arrive at one of these interfaces: the kernel has a copy for each macvlan. The first kMaxHeard count.
net::FilterProgram solicitation_filter(const std::vector<base::IfIndex>& heard);
inline constexpr std::size_t kMaxHeard = 1000;  // 16 kB of instructions; the kernel takes 20 (net.core.optmem_max)

// Of a raw IPv4 socket for authentication headers (RFC 2402): lets through those in front of VRRP to its group.
net::FilterProgram authenticated_vrrp_filter();

// Of a packet socket: lets ARP replies through, and of IPv6 frames neighbour advertisements.
net::FilterProgram answer_filter(base::Family family);

}  // namespace tandem::vrrpd::io
