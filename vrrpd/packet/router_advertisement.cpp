// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/packet/router_advertisement.h"

#include <algorithm>

#include "vrrpd/packet/frame_parts.h"

namespace tandem::vrrpd::packet {
namespace {

using base::Writer;

constexpr std::uint8_t kTypeRouterAdvertisement = 134;
constexpr std::uint8_t kHopLimit = 64;  // the hop limit for hosts: the kernel's own default
constexpr std::uint8_t kOptionSourceLinkLayer = 1;
constexpr std::uint8_t kOptionPrefix = 3;
constexpr std::uint8_t kOnLink = 0x80;
constexpr std::uint8_t kAutonomous = 0x40;
constexpr std::uint8_t kSlaacLength = 64;
constexpr std::uint32_t kValidSeconds = 2'592'000;    // 30 days (RFC 4861 §6.2.1)
constexpr std::uint32_t kPreferredSeconds = 604'800;  // 7 days
constexpr std::size_t kFixedSize = 16 + 8;            // with the link-layer option
constexpr std::size_t kPrefixSize = 32;

IpAddress network_of(const base::IpPrefix& prefix) {
  std::array<std::uint8_t, 16> bytes{};
  std::ranges::copy(prefix.address.bytes(), bytes.begin());
  for (std::size_t bit = prefix.length; bit < 128; ++bit) {
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] & ~(0x80U >> (bit % 8)));
  }
  return IpAddress::from_bytes(bytes);
}

void write_prefix(Writer& writer, const base::IpPrefix& prefix) {
  writer.u8(kOptionPrefix);
  writer.u8(kPrefixSize / 8);
  writer.u8(prefix.length);
  writer.u8(prefix.length == kSlaacLength ? kOnLink | kAutonomous : kOnLink);
  writer.u32(kValidSeconds);
  writer.u32(kPreferredSeconds);
  writer.u32(0);
  writer.bytes(network_of(prefix).bytes());
}

}  // namespace

base::Bytes router_advertisement_frame(const RouterAdvertisement& advertisement, const IpAddress& source,
                                       const base::MacAddress& virtual_mac, std::span<const base::IpPrefix> prefixes,
                                       FrameBuffer& buffer) {
  TANDEM_INVARIANT(prefixes.size() <= kMaxAdvertisedPrefixes);
  std::array<std::uint8_t, kFixedSize + kMaxAdvertisedPrefixes * kPrefixSize> message{};
  Writer icmp(message);
  icmp.u8(kTypeRouterAdvertisement);
  icmp.u8(0);
  icmp.u16(0);  // checksum, filled in later
  icmp.u8(kHopLimit);
  icmp.u8(static_cast<std::uint8_t>((advertisement.managed ? 0x80 : 0) | (advertisement.other ? 0x40 : 0)));
  icmp.u16(static_cast<std::uint16_t>(advertisement.lifetime.count()));
  icmp.u32(0);  // reachable time: unspecified
  icmp.u32(0);  // retransmission timer: unspecified
  icmp.u8(kOptionSourceLinkLayer);
  icmp.u8(1);
  icmp.bytes(virtual_mac.bytes);
  for (const base::IpPrefix& prefix : prefixes) {
    write_prefix(icmp, prefix);
  }
  Writer frame(buffer);
  write_icmpv6_to_all_nodes(frame, virtual_mac, source, base::MutableBytes(message).first(icmp.size()));
  return frame.written();
}

}  // namespace tandem::vrrpd::packet
