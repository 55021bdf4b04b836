// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lib/base/wire.h"
#include "vrrpd/packet/advertisement.h"
#include "vrrpd/packet/checksum.h"
#include "vrrpd/packet/message.h"

namespace tandem::vrrpd::packet {

namespace {

// The checksum of `message`, whose checksum field is zero.
std::uint16_t checksum_of(const Advertisement& advertisement, const IpAddress& source, const IpAddress& destination,
                          base::Bytes message) {
  base::InternetChecksum sum;
  sum.add(message);
  const bool pseudoheader = advertisement.version == Version::v3 &&
                            (source.family() == Family::ipv6 || advertisement.checksum == ChecksumForm::pseudoheader);
  if (pseudoheader) {
    add_pseudoheader(sum, source, destination, kIpProtocolVrrp, message.size());
  }
  return sum.value();
}

}  // namespace

std::size_t encoded_size(Version version, Family family, std::size_t address_count) {
  const std::size_t trailer = version == Version::v2 ? kAuthDataSize : 0;
  return kHeaderSize + address_count * IpAddress::size_of(family) + trailer;
}

base::Centiseconds wire_interval(Version version, base::Centiseconds interval) {
  using std::chrono::seconds;
  switch (version) {
    case Version::v2:
      return std::clamp(std::chrono::ceil<seconds>(interval), seconds(1), seconds(255));
    case Version::v3:
      break;
  }
  return std::clamp(interval, base::Centiseconds(1), base::Centiseconds(4095));
}

base::Bytes encode(const Advertisement& advertisement, const IpAddress& source, const IpAddress& destination,
                   std::span<const IpAddress> addresses, base::MutableBytes buffer) {
  TANDEM_INVARIANT(addresses.size() <= 255);
  TANDEM_INVARIANT(advertisement.version == Version::v3 || source.family() == Family::ipv4);
  const base::Centiseconds interval = wire_interval(advertisement.version, advertisement.interval);
  base::Writer writer(buffer);  // the fields that RFC 9568 §7.2 lists (R7)
  writer.u8(static_cast<std::uint8_t>((static_cast<unsigned>(advertisement.version) << 4U) | kTypeAdvertisement));
  writer.u8(advertisement.vrid.value());
  writer.u8(advertisement.priority);
  writer.u8(static_cast<std::uint8_t>(addresses.size()));
  if (advertisement.version == Version::v2) {
    writer.u8(0);  // no authentication (R12)
    writer.u8(static_cast<std::uint8_t>(interval / std::chrono::seconds(1)));
  } else {
    writer.u16(static_cast<std::uint16_t>(interval.count()));  // reserved bits 0 (R10)
  }
  writer.u16(0);  // checksum, filled in below
  for (const IpAddress& address : addresses) {
    TANDEM_INVARIANT(address.family() == source.family());
    writer.bytes(address.bytes());
  }
  if (advertisement.version == Version::v2) {
    writer.zeros(kAuthDataSize);
  }
  TANDEM_INVARIANT(writer.ok());
  const std::uint16_t checksum = checksum_of(advertisement, source, destination, writer.written());
  base::Writer(buffer.subspan(kChecksumOffset)).u16(checksum);
  return writer.written();
}

}  // namespace tandem::vrrpd::packet
