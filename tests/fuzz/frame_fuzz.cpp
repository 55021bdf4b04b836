// SPDX-License-Identifier: Apache-2.0
// Building of frames: adverts, gratuitous ARP, neighbour advertisements. Input: their parameters. Each frame has the
// virtual MAC address as source and the lengths and checksums that its headers announce. A decoded advert equals the
// input.
#include <array>

#include "lib/base/wire.h"
#include "tests/fuzz/fuzz.h"
#include "vrrpd/packet/frame.h"

namespace tandem::vrrpd::packet {
namespace {

using base::Bytes;
using fuzz::require;

constexpr std::size_t kEthernet = 14;
constexpr std::size_t kIpv6 = 40;

IpAddress address_from(FuzzedDataProvider& input, Family family) {
  std::array<std::uint8_t, 16> bytes{};
  input.ConsumeData(bytes.data(), bytes.size());
  return IpAddress::from_bytes(Bytes(bytes).first(IpAddress::size_of(family)));
}

std::uint16_t u16_at(Bytes bytes, std::size_t at) { return base::Reader(bytes.subspan(at)).u16(); }

std::uint16_t checksum(Bytes message, const IpAddress& source, const IpAddress& destination, std::uint8_t protocol) {
  base::InternetChecksum sum;
  sum.add(message);
  sum.add(source.bytes());
  sum.add(destination.bytes());
  sum.add_u16(protocol);
  sum.add_u16(static_cast<std::uint16_t>(message.size()));
  return sum.value();
}

base::Result<ReceivedAdvertisement, Rejected> decode_frame(Bytes frame, Family family) {
  const Bytes packet = frame.subspan(kEthernet);
  if (family == Family::ipv4) {
    base::InternetChecksum header;
    header.add(packet.first(20));
    require(header.value() == 0, "the checksum of the IPv4 header");
    require(u16_at(packet, 2) == packet.size(), "the total length of IPv4");
    return decode_ipv4(packet);
  }
  require(u16_at(packet, 4) == packet.size() - kIpv6, "the payload length of IPv6");
  return decode(
      {IpAddress::from_bytes(packet.subspan(8, 16)), IpAddress::from_bytes(packet.subspan(24, 16)), packet[7]},
      packet.subspan(kIpv6));
}

void check_advert(FuzzedDataProvider& input) {
  const Family family = input.ConsumeBool() ? Family::ipv4 : Family::ipv6;
  const bool v2 = family == Family::ipv4 && input.ConsumeBool();
  const Advertisement sent{.version = v2 ? Version::v2 : Version::v3,
                           .vrid = Vrid(input.ConsumeIntegralInRange(1U, 255U)),
                           .priority = input.ConsumeIntegral<std::uint8_t>(),
                           .interval = base::Centiseconds(input.ConsumeIntegralInRange(0, 100000)),
                           .checksum = input.ConsumeBool() ? ChecksumForm::pseudoheader : ChecksumForm::message_only};
  const IpAddress source = address_from(input, family);
  std::vector<IpAddress> addresses;
  const auto count = input.ConsumeIntegralInRange<std::size_t>(0, 255);
  for (std::size_t i = 0; i < count; ++i) {
    addresses.push_back(address_from(input, family));
  }
  auto buffer = std::make_unique<FrameBuffer>();
  const Bytes frame = advertisement_frame(sent, source, addresses, *buffer);
  require(std::equal(frame.begin() + 6, frame.begin() + 12, virtual_mac(sent.vrid, family).bytes.begin()),
          "the source is the virtual MAC address");
  const auto received = decode_frame(frame, family);
  if (!received) {
    const Drop reason = received.error().reason;
    const bool no_link_local = family == Family::ipv6 && count > 0 && !addresses.front().is_link_local();
    require((reason == Drop::address_count_zero && count == 0) || (reason == Drop::first_address && no_link_local),
            "only what the configuration excludes is refused", info(reason).name);
    return;
  }
  require(received->fields.vrid == sent.vrid && received->fields.priority == sent.priority, "fields as they went in");
  require(received->fields.interval == wire_interval(sent.version, sent.interval),
          "the interval as wire_interval() says");
  require(received->source == source && received->addresses.size() == count, "source and count as they went in");
  for (std::size_t i = 0; i < count; ++i) {
    require(received->addresses[i] == addresses[i], "addresses as they went in");
  }
}

void check_announcement(FuzzedDataProvider& input) {
  const Family family = input.ConsumeBool() ? Family::ipv4 : Family::ipv6;
  const IpAddress address = address_from(input, family);
  const base::MacAddress mac = virtual_mac(Vrid(input.ConsumeIntegralInRange(1U, 255U)), family);
  auto buffer = std::make_unique<FrameBuffer>();
  const bool arp = family == Family::ipv4;
  const Bytes frame =
      arp ? gratuitous_arp_frame(address, mac, *buffer) : neighbour_advertisement_frame(address, mac, *buffer);
  require(std::equal(frame.begin() + 6, frame.begin() + 12, mac.bytes.begin()),
          "the source is the virtual MAC address");
  if (arp) {
    require(frame.size() == kEthernet + 28, "the size of ARP");
    require(IpAddress::from_bytes(frame.subspan(28, 4)) == address &&
                IpAddress::from_bytes(frame.subspan(38, 4)) == address,
            "sender and target are the virtual address (R79)");
    return;
  }
  const Bytes packet = frame.subspan(kEthernet);
  const Bytes message = packet.subspan(kIpv6);
  require(packet[7] == 255 && message.size() == 32 && u16_at(packet, 4) == 32,
          "hop limit and length (RFC 4861 §7.1.2)");
  require(checksum(message, IpAddress::from_bytes(packet.subspan(8, 16)), IpAddress::from_bytes(packet.subspan(24, 16)),
                   58) == 0,
          "the checksum of ICMPv6");
  require(IpAddress::from_bytes(message.subspan(8, 16)) == address, "the target is the virtual address (R80)");
}

}  // namespace
}  // namespace tandem::vrrpd::packet

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  input.ConsumeBool() ? tandem::vrrpd::packet::check_advert(input) : tandem::vrrpd::packet::check_announcement(input);
  return 0;
}
