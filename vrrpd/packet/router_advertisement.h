// SPDX-License-Identifier: Apache-2.0
// The ICMPv6 router advertisement with which the Master of an IPv6 virtual router announces the gateway to hosts (RFC
// 9568 §6.4.3, RFC 4861 §4.2). It is not VRRP's own advertisement.
#pragma once

#include <chrono>
#include <span>

#include "vrrpd/packet/frame.h"

namespace tandem::vrrpd::packet {

// Prefix information options of one advertisement: (1280 - 40 - 16 - 8) / 32 fit the smallest IPv6 MTU.
inline constexpr std::size_t kMaxAdvertisedPrefixes = 38;

struct RouterAdvertisement {
  std::chrono::seconds lifetime;  // 0: no default router; at most 65535
  bool managed;                   // M: addresses come from DHCPv6
  bool other;                     // O: other configuration comes from DHCPv6
};

// From the virtual router's link-local address and virtual MAC to all nodes, with the MAC as source link-layer address.
// Announces each prefix (host bits do not count) as on-link, and one of 64 bits also for stateless address
// configuration, with the lifetimes that RFC 4861 §6.2.1 recommends. At most kMaxAdvertisedPrefixes.
base::Bytes router_advertisement_frame(const RouterAdvertisement& advertisement, const IpAddress& source,
                                       const base::MacAddress& virtual_mac, std::span<const base::IpPrefix> prefixes,
                                       FrameBuffer& buffer);

}  // namespace tandem::vrrpd::packet
