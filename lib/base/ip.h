// SPDX-License-Identifier: Apache-2.0
// IPv4 and IPv6 addresses as values. Ordered by family, then unsigned in network byte order: the order that
// VRRP's tie-break needs (RFC 9568 §6.4.3).
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/bytes.h"

namespace tandem::base {

enum class Family : std::uint8_t { ipv4 = 4, ipv6 = 6 };

std::string_view to_string(Family family);  // "IPv4", "IPv6"

class IpAddress {
 public:
  // The unspecified address of the family: 0.0.0.0 or ::
  explicit constexpr IpAddress(Family family) : family_(family) {}

  // Dotted quad or IPv6 text (RFC 4291 §2.2), without prefix length or zone.
  static std::optional<IpAddress> parse(std::string_view text);
  // 4 bytes make an IPv4 address, 16 an IPv6 address; any other size is a broken invariant.
  static IpAddress from_bytes(Bytes bytes);
  static constexpr IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
    IpAddress address(Family::ipv4);
    address.bytes_ = {a, b, c, d};
    return address;
  }

  Family family() const { return family_; }
  Bytes bytes() const { return Bytes(bytes_).first(size_of(family_)); }
  static constexpr std::size_t size_of(Family family) { return family == Family::ipv4 ? 4 : 16; }
  // Bits of a host prefix: 32 or 128.
  static constexpr std::uint8_t width(Family family) { return family == Family::ipv4 ? 32 : 128; }

  bool is_unspecified() const;
  bool is_multicast() const;
  bool is_loopback() const;    // 127.0.0.0/8, ::1
  bool is_link_local() const;  // 169.254.0.0/16, fe80::/10
  bool is_broadcast() const;   // 255.255.255.255

  std::string to_string() const;  // canonical: RFC 5952 for IPv6

  auto operator<=>(const IpAddress&) const = default;

 private:
  Family family_;
  std::array<std::uint8_t, 16> bytes_{};  // IPv4: the first four
};

// An address with the length of its prefix; the host bits are kept.
struct IpPrefix {
  IpAddress address;
  std::uint8_t length;

  bool contains(const IpAddress& other) const;
  std::string to_string() const;  // "10.0.0.1/24"
  auto operator<=>(const IpPrefix&) const = default;
};

// What an address is in the network of its prefix, if that is why no host can have it: "the broadcast address of the
// network", "the address of the network", "the Subnet-Router anycast address" (RFC 4291 §2.6.1); empty: one can. A
// network of one or two addresses has none of these (RFC 3021, RFC 6164).
std::string_view reserved_as(const IpPrefix& prefix);

}  // namespace tandem::base
