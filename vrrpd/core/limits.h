// SPDX-License-Identifier: Apache-2.0
// Limits of the protocol, each with its reason.
#pragma once

#include <chrono>
#include <cstddef>

namespace tandem::vrrpd::core {

// Virtual routers (one per interface, VRID and family; X13) in one daemon. Each owns a macvlan; creating 12 000 of them
// takes about a second.
inline constexpr std::size_t kMaxRouters = 12'000;

// IPv4 addresses of one virtual router: the count field has 8 bits (RFC 9568 §5.2.5).
inline constexpr std::size_t kMaxIpv4Addresses = 255;

// IPv6 addresses of one virtual router: (1500 - 40 - 8) / 16 fit a frame without fragmentation.
inline constexpr std::size_t kMaxIpv6Addresses = 90;

// Adverts out of schedule that one Master sends per advertisement interval, in answer to adverts of lower priority (RFC
// 9568 §6.4.3) or of priority 0. A LAN without faults needs one answer. Without a limit, forged adverts would be
// amplified, and two routers that both believe to have won would answer each other forever.
inline constexpr int kMaxImmediateAdvertisements = 8;

// How long after another Master's advert a Master announces its addresses again. The other one, a Backup that took over
// at the same instant, may have announced them after us. By then it has heard our answer and has released them.
inline constexpr std::chrono::milliseconds kReannounceDelay{20};

// The least time between two such announcements. A router of 255 addresses sends as many frames each time, and forged
// adverts could trigger them at any rate.
inline constexpr std::chrono::seconds kReannounceInterval{5};

// Transitions remembered per virtual router for `show vrrp history`.
inline constexpr std::size_t kHistoryLength = 16;

}  // namespace tandem::vrrpd::core
