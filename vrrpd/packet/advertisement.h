// SPDX-License-Identifier: Apache-2.0
// The VRRP ADVERTISEMENT, both versions and families (RFC 9568 §5.2, RFC 3768 §5.3): decoding with every check that
// needs no configuration, and encoding. Neither allocates; decoded addresses are views into the packet.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/base/time.h"
#include "vrrpd/packet/drop.h"
#include "vrrpd/packet/types.h"

namespace tandem::vrrpd::packet {

// The addresses of a received packet, in wire order. Valid as long as the packet's buffer.
class AddressView {
 public:
  AddressView(Family family, base::Bytes bytes) : family_(family), bytes_(bytes) {}
  std::size_t size() const { return bytes_.size() / IpAddress::size_of(family_); }
  IpAddress operator[](std::size_t index) const {
    const std::size_t size = IpAddress::size_of(family_);
    return IpAddress::from_bytes(bytes_.subspan(index * size, size));
  }

 private:
  Family family_;
  base::Bytes bytes_;
};

struct Advertisement {
  Version version;
  Vrid vrid;
  std::uint8_t priority;
  base::Centiseconds interval;  // Max Advertise Interval; v2: Adver Int, whole seconds
  ChecksumForm checksum;        // v3 over IPv4 only; pseudoheader for v3 over IPv6, message_only for v2
};
constexpr auto describe(base::Type<Advertisement>) {
  return base::fields<Advertisement>(
      base::field(0, "version", &Advertisement::version), base::field(0, "vrid", &Advertisement::vrid),
      base::field(0, "priority", &Advertisement::priority), base::field(0, "interval", &Advertisement::interval),
      base::field(0, "form", &Advertisement::checksum));
}

struct ReceivedAdvertisement {
  Advertisement fields;
  IpAddress source;
  AddressView addresses;
};

// Fields of the IP header of a packet.
struct IpInfo {
  IpAddress source;
  IpAddress destination;
  std::uint8_t ttl;  // or hop limit
};

// The reason of a refusal and, if the packet is long enough and begins like VRRP, its virtual router. The checks run in
// the order of drop.h; the first that fails is the reason.
struct Rejected {
  Drop reason;
  std::optional<Vrid> vrid;
};

// Decodes an IPv4 packet as a raw socket delivers it: with its header (options allowed, X2), reassembled (X3), the
// header checksum verified by the kernel. Ignores bytes beyond the total length of IP (Ethernet padding, X4).
base::Result<ReceivedAdvertisement, Rejected> decode_ipv4(base::Bytes packet);
// Decodes a VRRP message whose IP header is known (IPv6 raw sockets deliver no header).
base::Result<ReceivedAdvertisement, Rejected> decode(const IpInfo& ip, base::Bytes message);

// Size of the encoded message in bytes.
std::size_t encoded_size(Version version, Family family, std::size_t address_count);

// The interval that a receiver will read: v3 within 1 to 4095 cs (R11), v2 rounded up to whole seconds, 1 to 255 (R97).
base::Centiseconds wire_interval(Version version, base::Centiseconds interval);

// Encodes the VRRP message into `buffer` and returns the part that was written. Preconditions (invariants): `addresses`
// are of the family of `source` and at most 255, the buffer has encoded_size() bytes. The interval is that of
// wire_interval(); v2: authentication type 0 with 8 zero bytes (R12).
base::Bytes encode(const Advertisement& advertisement, const IpAddress& source, const IpAddress& destination,
                   std::span<const IpAddress> addresses, base::MutableBytes buffer);

}  // namespace tandem::vrrpd::packet
