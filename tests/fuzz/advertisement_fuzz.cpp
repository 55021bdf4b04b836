// SPDX-License-Identifier: Apache-2.0
// Decoding of VRRP packets. Input: one byte of flags, for IPv6 two bytes of addresses, then an IPv4 packet or a VRRP
// message over IPv6. For each input the decoder reads nothing outside of it, the reason of a refusal is the first check
// that fails, and an accepted packet keeps its meaning when encoded again.
#include <algorithm>

#include "lib/base/wire.h"
#include "tests/fuzz/fuzz.h"
#include "vrrpd/packet/advertisement.h"

namespace tandem::vrrpd::packet {
namespace {

using fuzz::require;
using Buffer = std::vector<std::uint8_t>;

constexpr std::uint8_t kIpv6 = 0x01;           // otherwise IPv4
constexpr std::uint8_t kRepairMessage = 0x02;  // correct the checksum: no mutation would find it
constexpr std::uint8_t kRepairPseudo = 0x04;   // the same with pseudo-header
constexpr std::size_t kChecksumAt = 6;

void repair(Buffer& message, const IpInfo& ip, std::uint8_t flags) {
  if ((flags & (kRepairMessage | kRepairPseudo)) == 0 || message.size() < kChecksumAt + 2) {
    return;
  }
  message[kChecksumAt] = message[kChecksumAt + 1] = 0;
  base::InternetChecksum sum;
  sum.add(message);
  if ((flags & kRepairPseudo) != 0) {
    sum.add(ip.source.bytes());
    sum.add(ip.destination.bytes());
    sum.add_u16(kIpProtocolVrrp);
    sum.add_u16(static_cast<std::uint16_t>(message.size()));
  }
  message[kChecksumAt] = static_cast<std::uint8_t>(sum.value() >> 8);
  message[kChecksumAt + 1] = static_cast<std::uint8_t>(sum.value());
}

void check_rejected(const Rejected& rejected, base::Bytes message) {
  require(!info(rejected.reason).name.empty(), "every reason has a name");
  require(!rejected.vrid || (message.size() >= 2 && message[1] == rejected.vrid->value()),
          "the VRID is that of the message");
}

void check_accepted(const ReceivedAdvertisement& received, const IpInfo& ip) {
  const Advertisement& fields = received.fields;
  require(ip.ttl == kRequiredTtl && ip.destination == multicast_group(ip.source.family()),
          "only what RFC 9568 §7.1 allows");
  require(received.addresses.size() > 0 && fields.interval.count() > 0, "errata 8299 and 8301");
  require(fields.version == Version::v3 || ip.source.family() == Family::ipv4, "version 2 is IPv4");
  std::vector<IpAddress> addresses;
  for (std::size_t i = 0; i < received.addresses.size(); ++i) {
    addresses.push_back(received.addresses[i]);
  }
  Buffer again(encoded_size(fields.version, ip.source.family(), addresses.size()));
  require(encode(fields, ip.source, ip.destination, addresses, again).size() == again.size(),
          "encoded_size() is the size");
  const auto decoded = decode(ip, again);
  require(decoded.has_value(), "what we encode, we accept");
  require(decoded->fields.version == fields.version && decoded->fields.vrid == fields.vrid &&
              decoded->fields.priority == fields.priority && decoded->fields.interval == fields.interval,
          "decode(encode(x)) == x: fields");
  require(decoded->addresses.size() == addresses.size(), "decode(encode(x)) == x: count");
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    require(decoded->addresses[i] == addresses[i], "decode(encode(x)) == x: addresses");
  }
}

void check_message(const IpInfo& ip, base::Bytes bytes, std::uint8_t flags) {
  Buffer message(bytes.begin(), bytes.end());  // exactly this size, so that the sanitizer detects a read beyond it
  repair(message, ip, flags);
  const auto received = decode(ip, message);
  received ? check_accepted(*received, ip) : check_rejected(received.error(), message);
}

void check_ipv6(base::Bytes bytes, std::uint8_t flags) {
  base::Reader reader(bytes);
  const std::uint8_t source = reader.u8();
  const std::uint8_t ttl = reader.u8();
  std::array<std::uint8_t, 16> address{0xfe, 0x80};
  address.back() = source;
  const IpInfo ip{IpAddress::from_bytes(address), multicast_group(Family::ipv6), ttl};
  check_message(ip, reader.rest(), flags);
}

void check_ipv4(base::Bytes bytes, std::uint8_t flags) {
  Buffer packet(bytes.begin(), bytes.end());
  const std::size_t header = packet.empty() ? 0 : std::size_t{packet[0] & 0x0fU} * 4;
  if (header < 20 || packet.size() < header) {
    require(!decode_ipv4(packet), "an IPv4 header has 20 bytes");
    return;
  }
  const IpInfo ip{IpAddress::from_bytes(base::Bytes(packet).subspan(12, 4)),
                  IpAddress::from_bytes(base::Bytes(packet).subspan(16, 4)), packet[8]};
  Buffer message(packet.begin() + static_cast<std::ptrdiff_t>(header), packet.end());
  repair(message, ip, flags);
  std::copy(message.begin(), message.end(), packet.begin() + static_cast<std::ptrdiff_t>(header));
  const auto received = decode_ipv4(packet);
  received ? check_accepted(*received, ip) : check_rejected(received.error(), message);

  Buffer padded = packet;  // X4: Ethernet padding changes nothing
  padded.resize(packet.size() + 6, 0xaa);
  const auto same = decode_ipv4(padded);
  const bool was_short = packet.size() < static_cast<std::size_t>(packet[2] << 8 | packet[3]);
  require(was_short || same.has_value() == received.has_value(), "padding does not count");
}

}  // namespace
}  // namespace tandem::vrrpd::packet

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tandem::vrrpd::packet;
  if (size == 0 || size > tandem::fuzz::kMaxInput) {
    return -1;
  }
  const tandem::base::Bytes rest(data + 1, size - 1);
  (data[0] & kIpv6) != 0 ? check_ipv6(rest, data[0]) : check_ipv4(rest, data[0]);
  return 0;
}
