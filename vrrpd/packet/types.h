// SPDX-License-Identifier: Apache-2.0
// Identifiers and constants of VRRP on the wire: RFC 9568 (v3) and RFC 3768 (v2).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "lib/base/check.h"
#include "lib/base/fields.h"
#include "lib/base/ip.h"
#include "lib/base/mac.h"

namespace tandem::vrrpd::packet {

using base::Family;
using base::IpAddress;

// Virtual Router Identifier, 1 to 255 (RFC 9568 §5.2.3).
class Vrid {
 public:
  static std::optional<Vrid> from(unsigned number) {
    return number >= 1 && number <= 255 ? std::optional(Vrid(number)) : std::nullopt;
  }
  explicit constexpr Vrid(unsigned number) : value_(static_cast<std::uint8_t>(number)) {
    TANDEM_INVARIANT(number >= 1 && number <= 255);
  }
  constexpr std::uint8_t value() const { return value_; }
  auto operator<=>(const Vrid&) const = default;

 private:
  std::uint8_t value_;
};

enum class Version : std::uint8_t { v2 = 2, v3 = 3 };

// The two forms of the checksum of v3 over IPv4 (RFC 5798 §5.2.8, RFC 9568 §5.2.8).
enum class ChecksumForm : std::uint8_t { pseudoheader, message_only };

inline constexpr std::uint8_t kIpProtocolVrrp = 112;
inline constexpr std::uint8_t kPriorityOwner = 255;  // RFC 9568 §5.2.4: owner of the addresses
inline constexpr std::uint8_t kPriorityRelease = 0;  // RFC 9568 §5.2.4: the Master resigns
inline constexpr std::uint8_t kRequiredTtl = 255;    // RFC 9568 §5.1.1.3, §5.1.2.3: TTL and hop limit

// 224.0.0.18 or ff02::12 (RFC 9568 §5.1.1.2, §5.1.2.2).
IpAddress multicast_group(Family family);

// 00:00:5e:00:01:VRID or 00:00:5e:00:02:VRID (RFC 9568 §7.3).
base::MacAddress virtual_mac(Vrid vrid, Family family);
// The inverse; nullopt if `mac` is no virtual router MAC address.
struct VirtualMacOwner {
  Vrid vrid;
  Family family;
};
std::optional<VirtualMacOwner> parse_virtual_mac(const base::MacAddress& mac);

}  // namespace tandem::vrrpd::packet

template <>
struct tandem::base::Blank<tandem::vrrpd::packet::Vrid> {
  static vrrpd::packet::Vrid make() { return vrrpd::packet::Vrid(1); }
};
