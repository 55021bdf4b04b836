// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/packet/frame.h"

#include "lib/base/wire.h"
#include "vrrpd/packet/frame_parts.h"
#include "vrrpd/packet/message.h"

namespace tandem::vrrpd::packet {

namespace {

using base::Bytes;
using base::MacAddress;
using base::Writer;

constexpr std::uint16_t kDontFragment = 0x4000;  // lets the identification be 0 (RFC 6864 §4)

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
  auto message = neighbour_advertisement(address, virtual_mac);
  write_icmpv6_to_all_nodes(writer, virtual_mac, address, message);
  return writer.written();
}

static_assert(kMaxFrameSize == kEthernetHeaderSize + kIpv6HeaderSize + kHeaderSize + std::size_t{255} * 16);

}  // namespace tandem::vrrpd::packet
