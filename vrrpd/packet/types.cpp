// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/packet/types.h"

#include <array>

namespace tandem::vrrpd::packet {

namespace {

// 00:00:5e:00 of IANA, then 01 for IPv4 and 02 for IPv6 (RFC 9568 §7.3).
constexpr std::array<std::uint8_t, 4> kIanaPrefix{0x00, 0x00, 0x5e, 0x00};
constexpr std::uint8_t kIpv4Block = 0x01;
constexpr std::uint8_t kIpv6Block = 0x02;

}  // namespace

IpAddress multicast_group(Family family) {
  if (family == Family::ipv4) {
    return IpAddress::v4(224, 0, 0, 18);
  }
  constexpr std::array<std::uint8_t, 16> kGroup{0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12};
  return IpAddress::from_bytes(kGroup);
}

base::MacAddress virtual_mac(Vrid vrid, Family family) {
  base::MacAddress mac;
  std::copy(kIanaPrefix.begin(), kIanaPrefix.end(), mac.bytes.begin());
  mac.bytes[4] = family == Family::ipv4 ? kIpv4Block : kIpv6Block;
  mac.bytes[5] = vrid.value();
  return mac;
}

std::optional<VirtualMacOwner> parse_virtual_mac(const base::MacAddress& mac) {
  const std::optional<Vrid> vrid = Vrid::from(mac.bytes[5]);
  if (!vrid || !std::equal(kIanaPrefix.begin(), kIanaPrefix.end(), mac.bytes.begin())) {
    return std::nullopt;
  }
  switch (mac.bytes[4]) {
    case kIpv4Block:
      return VirtualMacOwner{*vrid, Family::ipv4};
    case kIpv6Block:
      return VirtualMacOwner{*vrid, Family::ipv6};
  }
  return std::nullopt;
}

}  // namespace tandem::vrrpd::packet
