// SPDX-License-Identifier: Apache-2.0
// The checksum forms of VRRP (R13: RFC 9568 §5.2.8, RFC 5798 §5.2.8, RFC 3768 §5.3.8). Private to this folder.
#pragma once

#include "lib/base/wire.h"
#include "vrrpd/packet/types.h"

namespace tandem::vrrpd::packet {

// Adds the pseudo-header of an upper-layer message of `length` bytes: that of RFC 8200 §8.1, or the 12 bytes of IPv4.
// Both have the same sum: a zero byte and the 16-bit length add nothing else.
inline void add_pseudoheader(base::InternetChecksum& sum, const IpAddress& source, const IpAddress& destination,
                             std::uint8_t protocol, std::size_t length) {
  sum.add(source.bytes());
  sum.add(destination.bytes());
  sum.add_u16(protocol);
  sum.add_u16(static_cast<std::uint16_t>(length));
}

}  // namespace tandem::vrrpd::packet
