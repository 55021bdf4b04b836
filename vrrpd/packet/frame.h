// SPDX-License-Identifier: Apache-2.0
// Whole Ethernet frames, ready for a packet socket: adverts, gratuitous ARP and unsolicited neighbour advertisements.
// Every frame has the virtual MAC address as its source (RFC 9568 §7.2, §8.1.2, §8.2.2).
#pragma once

#include <array>
#include <span>

#include "vrrpd/packet/advertisement.h"

namespace tandem::vrrpd::packet {

// Ethernet II + IPv6 + VRRPv3 with 255 IPv6 addresses. The configuration checks the size against the MTU of the link.
inline constexpr std::size_t kMaxFrameSize = 14 + 40 + 8 + 255 * 16;
using FrameBuffer = std::array<std::uint8_t, kMaxFrameSize>;

// TOS / traffic class 0xc0 (CS6), TTL / hop limit 255, to the VRRP group of the family of `source` (R1–R6).
base::Bytes advertisement_frame(const Advertisement& advertisement, const IpAddress& source,
                                std::span<const IpAddress> addresses, FrameBuffer& buffer);

// ARP request with sender and target = `address`, both hardware addresses = `virtual_mac`, broadcast (R78, R79, errata
// 7947, 7949).
base::Bytes gratuitous_arp_frame(const IpAddress& address, const base::MacAddress& virtual_mac, FrameBuffer& buffer);

// Unsolicited neighbour advertisement to ff02::1 from `address`: R=1 S=0 O=1, target link-layer address option (R80).
base::Bytes neighbour_advertisement_frame(const IpAddress& address, const base::MacAddress& virtual_mac,
                                          FrameBuffer& buffer);

}  // namespace tandem::vrrpd::packet
