// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/packet/frame.h"

#include "lib/base/wire.h"
#include "vrrpd/packet/checksum.h"
#include "vrrpd/packet/message.h"

namespace tandem::vrrpd::packet {

namespace {

using base::Bytes;
using base::MacAddress;
using base::Writer;

constexpr std::uint16_t kEtherTypeIpv4 = 0x0800;
constexpr std::uint16_t kEtherTypeArp = 0x0806;
constexpr std::uint16_t kEtherTypeIpv6 = 0x86dd;
constexpr std::size_t kEthernetHeaderSize = 14;
constexpr std::size_t kIpv6HeaderSize = 40;
constexpr std::uint8_t kIpProtocolIcmpv6 = 58;
constexpr std::uint8_t kTrafficClass =
    0xc0;  // CS6, network control: adverts must get through a congested link (RFC 9568 §2.5)
constexpr std::uint16_t kDontFragment = 0x4000;  // lets the identification be 0 (RFC 6864 §4)

// The Ethernet address of an IP multicast group (RFC 1112 §6.4, RFC 2464 §7).
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

void write_ipv4(Writer& writer, const IpAddress& source, const IpAddress& destination, std::size_t payload) {
  std::array<std::uint8_t, kIpv4HeaderSize> header{};
  Writer h(header);
  h.u8(0x45);
  h.u8(kTrafficClass);
  h.u16(static_cast<std::uint16_t>(kIpv4HeaderSize + payload));
  h.u16(0);
  h.u16(kDontFragment);
  h.u8(kRequiredTtl);
  h.u8(kIpProtocolVrrp);
  h.u16(0);  // checksum, filled in below
  h.bytes(source.bytes());
  h.bytes(destination.bytes());
  base::InternetChecksum sum;
  sum.add(header);
  Writer(base::MutableBytes(header).subspan(10)).u16(sum.value());
  writer.bytes(header);
}

struct Ipv6Header {
  std::uint8_t traffic_class;
  std::uint8_t next_header;
  std::size_t payload;
};

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

// The whole ICMPv6 message; its checksum covers the pseudo-header (RFC 4443 §2.3).
constexpr std::size_t kNeighbourAdvertisementSize = 32;
std::array<std::uint8_t, kNeighbourAdvertisementSize> neighbour_advertisement(const IpAddress& address,
                                                                              const MacAddress& mac) {
  std::array<std::uint8_t, kNeighbourAdvertisementSize> message{};
  Writer writer(message);
  writer.u8(136);          // neighbour advertisement (RFC 4861 §4.4)
  writer.u8(0);            // code
  writer.u16(0);           // checksum, filled in below
  writer.u32(0xa0000000);  // R=1, S=0, O=1 (R80)
  writer.bytes(address.bytes());
  writer.u8(2);  // target link-layer address option
  writer.u8(1);  // in units of 8 bytes
  writer.bytes(mac.bytes);
  base::InternetChecksum sum;
  sum.add(message);
  add_pseudoheader(sum, address, all_nodes(), kIpProtocolIcmpv6, message.size());
  Writer(base::MutableBytes(message).subspan(2)).u16(sum.value());
  return message;
}

}  // namespace

Bytes advertisement_frame(const Advertisement& advertisement, const IpAddress& source,
                          std::span<const IpAddress> addresses, FrameBuffer& buffer) {
  const Family family = source.family();
  const IpAddress group = multicast_group(family);
  const std::size_t payload = encoded_size(advertisement.version, family, addresses.size());
  Writer writer(buffer);
  write_ethernet(writer, multicast_mac(group), virtual_mac(advertisement.vrid, family),
                 family == Family::ipv4 ? kEtherTypeIpv4 : kEtherTypeIpv6);
  if (family == Family::ipv4) {
    write_ipv4(writer, source, group, payload);
  } else {
    write_ipv6(writer, {kTrafficClass, kIpProtocolVrrp, payload}, source, group);
  }
  const Bytes message =
      encode(advertisement, source, group, addresses, base::MutableBytes(buffer).subspan(writer.size()));
  return Bytes(buffer).first(writer.size() + message.size());
}

Bytes gratuitous_arp_frame(const IpAddress& address, const MacAddress& virtual_mac, FrameBuffer& buffer) {
  TANDEM_INVARIANT(address.family() == Family::ipv4);
  const MacAddress broadcast{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
  Writer writer(buffer);
  write_ethernet(writer, broadcast, virtual_mac, kEtherTypeArp);
  writer.u16(1);  // Ethernet
  writer.u16(kEtherTypeIpv4);
  writer.u8(6);
  writer.u8(4);
  writer.u16(1);  // request
  writer.bytes(virtual_mac.bytes);
  writer.bytes(address.bytes());
  writer.bytes(virtual_mac.bytes);  // not the broadcast address (errata 7947, 7949)
  writer.bytes(address.bytes());
  return writer.written();
}

Bytes neighbour_advertisement_frame(const IpAddress& address, const MacAddress& virtual_mac, FrameBuffer& buffer) {
  TANDEM_INVARIANT(address.family() == Family::ipv6);
  Writer writer(buffer);
  write_ethernet(writer, multicast_mac(all_nodes()), virtual_mac, kEtherTypeIpv6);
  write_ipv6(writer, {kTrafficClass, kIpProtocolIcmpv6, kNeighbourAdvertisementSize}, address, all_nodes());
  writer.bytes(neighbour_advertisement(address, virtual_mac));
  return writer.written();
}

static_assert(kMaxFrameSize == kEthernetHeaderSize + kIpv6HeaderSize + kHeaderSize + 255 * 16);

}  // namespace tandem::vrrpd::packet
