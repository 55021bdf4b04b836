// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/packet/frame_parts.h"

#include "vrrpd/packet/checksum.h"

namespace tandem::vrrpd::packet {

using base::Bytes;
using base::MacAddress;
using base::Writer;

MacAddress multicast_mac(const IpAddress& group) {
  const Bytes b = group.bytes();
  if (group.family() == Family::ipv4) {
    return {{0x01, 0x00, 0x5e, static_cast<std::uint8_t>(b[1] & 0x7f), b[2], b[3]}};
  }
  return {{0x33, 0x33, b[12], b[13], b[14], b[15]}};
}

void write_ethernet(Writer& writer, const MacAddress& destination, const MacAddress& source, std::uint16_t type) {
  writer.bytes(destination.bytes);
  writer.bytes(source.bytes);
  writer.u16(type);
}

void write_ipv6(Writer& writer, const Ipv6Header& header, const IpAddress& source, const IpAddress& destination) {
  writer.u32((6U << 28U) | (std::uint32_t{header.traffic_class} << 20U));
  writer.u16(static_cast<std::uint16_t>(header.payload));
  writer.u8(header.next_header);
  writer.u8(kRequiredTtl);
  writer.bytes(source.bytes());
  writer.bytes(destination.bytes());
}

IpAddress all_nodes() {
  constexpr std::array<std::uint8_t, 16> kAllNodes{0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01};
  return IpAddress::from_bytes(kAllNodes);
}

void write_icmpv6_to_all_nodes(Writer& writer, const MacAddress& mac, const IpAddress& source,
                               base::MutableBytes message) {
  constexpr std::size_t kIcmpChecksumOffset = 2;
  base::InternetChecksum sum;
  sum.add(message);
  add_pseudoheader(sum, source, all_nodes(), kIpProtocolIcmpv6, message.size());
  Writer(message.subspan(kIcmpChecksumOffset)).u16(sum.value());
  write_ethernet(writer, multicast_mac(all_nodes()), mac, kEtherTypeIpv6);
  write_ipv6(writer, {kTrafficClass, kIpProtocolIcmpv6, message.size()}, source, all_nodes());
  writer.bytes(message);
}

}  // namespace tandem::vrrpd::packet
