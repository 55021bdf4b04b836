// SPDX-License-Identifier: Apache-2.0
// Headers of frames. Private to this folder.
#pragma once

#include "lib/base/mac.h"
#include "lib/base/wire.h"
#include "vrrpd/packet/types.h"

namespace tandem::vrrpd::packet {

inline constexpr std::uint16_t kEtherTypeIpv4 = 0x0800;
inline constexpr std::uint16_t kEtherTypeArp = 0x0806;
inline constexpr std::uint16_t kEtherTypeIpv6 = 0x86dd;
inline constexpr std::size_t kEthernetHeaderSize = 14;
inline constexpr std::size_t kIpv6HeaderSize = 40;
inline constexpr std::uint8_t kIpProtocolIcmpv6 = 58;
// CS6, network control: adverts must get through a congested link (RFC 9568 §2.5).
inline constexpr std::uint8_t kTrafficClass = 0xc0;

// The Ethernet address of an IP multicast group (RFC 1112 §6.4, RFC 2464 §7).
base::MacAddress multicast_mac(const IpAddress& group);
IpAddress all_nodes();  // ff02::1

void write_ethernet(base::Writer& writer, const base::MacAddress& destination, const base::MacAddress& source,
                    std::uint16_t type);

struct Ipv6Header {
  std::uint8_t traffic_class;
  std::uint8_t next_header;
  std::size_t payload;
};
// With hop limit 255.
void write_ipv6(base::Writer& writer, const Ipv6Header& header, const IpAddress& source, const IpAddress& destination);

// A whole frame that carries an ICMPv6 message from `source` to all nodes; fills in the checksum, which covers the
// pseudo-header (RFC 4443 §2.3).
void write_icmpv6_to_all_nodes(base::Writer& writer, const base::MacAddress& mac, const IpAddress& source,
                               base::MutableBytes message);

}  // namespace tandem::vrrpd::packet
