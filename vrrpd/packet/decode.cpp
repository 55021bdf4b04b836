// SPDX-License-Identifier: Apache-2.0
// Receive checks in the order of drop.h (RFC 9568 §7.1, RFC 3768 §7.1). Each check returns at once; the code below it
// may rely on it.
#include "lib/base/wire.h"
#include "vrrpd/packet/advertisement.h"
#include "vrrpd/packet/checksum.h"
#include "vrrpd/packet/message.h"

namespace tandem::vrrpd::packet {

namespace {

using base::Bytes;

// The VRID of a message that will be refused, for the counters of that virtual router.
std::optional<Vrid> vrid_of(Bytes message) {
  if (message.size() < 2) {
    return std::nullopt;
  }
  const unsigned version = message[kVersionTypeOffset] >> 4U;
  return version == 2 || version == 3 ? Vrid::from(message[kVridOffset]) : std::nullopt;
}

std::optional<Version> version_of(Bytes message, Family family) {
  switch (message[kVersionTypeOffset] >> 4U) {
    case 2:  // v2 knows IPv4 only (RFC 3768 §1)
      return family == Family::ipv4 ? std::optional(Version::v2) : std::nullopt;
    case 3:
      return Version::v3;
  }
  return std::nullopt;
}

// The form of the checksum that verifies, if any. If both do, the pseudo-header form, which most routers send (R13).
std::optional<ChecksumForm> verify_checksum(Version version, const IpInfo& ip, Bytes message) {
  base::InternetChecksum message_only;
  message_only.add(message);
  if (version == Version::v2) {
    return message_only.value() == 0 ? std::optional(ChecksumForm::message_only) : std::nullopt;
  }
  base::InternetChecksum with_pseudoheader = message_only;
  add_pseudoheader(with_pseudoheader, ip.source, ip.destination, kIpProtocolVrrp, message.size());
  if (with_pseudoheader.value() == 0) {
    return ChecksumForm::pseudoheader;
  }
  if (ip.source.family() == Family::ipv4 && message_only.value() == 0) {
    return ChecksumForm::message_only;
  }
  return std::nullopt;
}

base::Centiseconds interval_of(Version version, Bytes message) {
  if (version == Version::v2) {
    return std::chrono::seconds(message[kIntervalOffset]);
  }
  // The upper four bits are reserved and ignored (R28).
  return base::Centiseconds(((message[kIntervalOffset - 1] & 0x0f) << 8) | message[kIntervalOffset]);
}

// The checks of the IP header and of the shape of the message, up to its length.
std::optional<Drop> check_shape(const IpInfo& ip, Bytes message) {
  const Family family = ip.source.family();
  if (ip.destination != multicast_group(family)) {
    return Drop::destination;
  }
  if (ip.ttl != kRequiredTtl) {
    return Drop::ttl;
  }
  if (message.size() < kHeaderSize) {
    return Drop::too_short;
  }
  const std::optional<Version> version = version_of(message, family);
  if (!version) {
    return Drop::version;
  }
  if ((message[kVersionTypeOffset] & 0x0f) != kTypeAdvertisement) {
    return Drop::type;
  }
  if (message.size() != encoded_size(*version, family, message[kCountOffset])) {
    return Drop::length;
  }
  return std::nullopt;
}

// The checks of the content. Precondition: check_shape() has passed.
std::optional<Drop> check_content(const ReceivedAdvertisement& received, Bytes message) {
  if (received.fields.version == Version::v2 && message[kAuthTypeOffset] != 0) {
    return Drop::auth_type;
  }
  if (message[kVridOffset] == 0) {
    return Drop::unknown_vrid;
  }
  if (received.addresses.size() == 0) {
    return Drop::address_count_zero;
  }
  if (received.fields.interval == base::Centiseconds::zero()) {
    return Drop::interval_zero;
  }
  if (received.source.family() == Family::ipv6 && !received.addresses[0].is_link_local()) {
    return Drop::first_address;
  }
  return std::nullopt;
}

}  // namespace

base::Result<ReceivedAdvertisement, Rejected> decode(const IpInfo& ip, Bytes message) {
  const auto reject = [&](Drop reason) { return base::Unexpected<Rejected>(Rejected{reason, vrid_of(message)}); };
  TANDEM_INVARIANT(ip.source.family() == ip.destination.family());
  if (const std::optional<Drop> reason = check_shape(ip, message)) {
    return reject(*reason);
  }
  const Family family = ip.source.family();
  const Version version = *version_of(message, family);
  const std::optional<ChecksumForm> form = verify_checksum(version, ip, message);
  if (!form) {
    return reject(Drop::checksum);
  }
  const Bytes addresses = message.subspan(kHeaderSize, message[kCountOffset] * IpAddress::size_of(family));
  const ReceivedAdvertisement received{
      .fields = {.version = version,
                 .vrid = Vrid::from(message[kVridOffset]).value_or(Vrid(1)),  // 0 is refused below
                 .priority = message[kPriorityOffset],
                 .interval = interval_of(version, message),
                 .checksum = *form},
      .source = ip.source,
      .addresses = AddressView(family, addresses)};
  if (const std::optional<Drop> reason = check_content(received, message)) {
    return reject(*reason);
  }
  return received;
}

base::Result<ReceivedAdvertisement, Rejected> decode_ipv4(Bytes packet) {
  const base::Unexpected<Rejected> damaged(Rejected{Drop::ip_header, std::nullopt});
  base::Reader reader(packet);
  const unsigned version_and_words = reader.u8();
  const std::size_t header_size = std::size_t{version_and_words & 0x0fU} * 4;
  reader.u8();  // type of service
  const std::size_t total_length = reader.u16();
  reader.u16();                                      // identification
  const unsigned fragment = reader.u16() & 0x3fffU;  // more fragments, offset
  const std::uint8_t ttl = reader.u8();
  const std::uint8_t protocol = reader.u8();
  reader.u16();  // checksum
  const Bytes source = reader.bytes(4);
  const Bytes destination = reader.bytes(4);
  if (!reader.ok() || version_and_words >> 4U != 4 || header_size < kIpv4HeaderSize || total_length < header_size ||
      total_length > packet.size() || fragment != 0 || protocol != kIpProtocolVrrp) {
    return damaged;
  }
  const IpInfo ip{IpAddress::from_bytes(source), IpAddress::from_bytes(destination), ttl};
  return decode(ip, packet.subspan(header_size, total_length - header_size));
}

}  // namespace tandem::vrrpd::packet
