// SPDX-License-Identifier: Apache-2.0
#include "lib/base/ip.h"

#include <arpa/inet.h>

#include "lib/base/check.h"

namespace tandem::base {

std::string_view to_string(Family family) { return family == Family::ipv4 ? "IPv4" : "IPv6"; }

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string copy(text);  // inet_pton wants a terminated string
  if (copy.find('\0') != std::string::npos) {
    return std::nullopt;
  }
  for (const auto& [family, af] : {std::pair{Family::ipv4, AF_INET}, std::pair{Family::ipv6, AF_INET6}}) {
    IpAddress address(family);
    if (inet_pton(af, copy.c_str(), address.bytes_.data()) == 1) {
      return address;
    }
  }
  return std::nullopt;
}

IpAddress IpAddress::from_bytes(Bytes bytes) {
  TANDEM_INVARIANT(bytes.size() == 4 || bytes.size() == 16);
  IpAddress address(bytes.size() == 4 ? Family::ipv4 : Family::ipv6);
  std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
  return address;
}

bool IpAddress::is_unspecified() const { return *this == IpAddress(family_); }

bool IpAddress::is_multicast() const {
  return family_ == Family::ipv4 ? (bytes_[0] & 0xf0) == 0xe0 : bytes_[0] == 0xff;
}

bool IpAddress::is_loopback() const {
  if (family_ == Family::ipv4) {
    return bytes_[0] == 127;
  }
  IpAddress one(Family::ipv6);
  one.bytes_[15] = 1;
  return *this == one;
}

bool IpAddress::is_link_local() const {
  return family_ == Family::ipv4 ? bytes_[0] == 169 && bytes_[1] == 254
                                 : bytes_[0] == 0xfe && (bytes_[1] & 0xc0) == 0x80;
}

bool IpAddress::is_broadcast() const { return *this == v4(255, 255, 255, 255); }

std::string IpAddress::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(family_ == Family::ipv4 ? AF_INET : AF_INET6, bytes_.data(), text.data(), text.size());
  return text.data();
}

bool IpPrefix::contains(const IpAddress& other) const {
  if (other.family() != address.family()) {
    return false;
  }
  for (std::size_t bit = 0; bit < length; ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80 >> (bit % 8));
    if (((address.bytes()[bit / 8] ^ other.bytes()[bit / 8]) & mask) != 0) {
      return false;
    }
  }
  return true;
}

std::string IpPrefix::to_string() const { return address.to_string() + "/" + std::to_string(length); }

namespace {

// The bits of the address behind the prefix, as far as they decide whether a host can have it.
enum class HostPart { none, zeros, ones, mixed };

HostPart host_part(const IpPrefix& prefix) {
  const Bytes bytes = prefix.address.bytes();
  bool zeros = true;
  bool ones = true;
  for (std::size_t bit = prefix.length; bit < bytes.size() * 8; ++bit) {
    const bool set = ((bytes[bit / 8] >> (7 - bit % 8)) & 1) != 0;
    zeros = zeros && !set;
    ones = ones && set;
  }
  if (zeros && ones) {
    return HostPart::none;
  }
  return zeros ? HostPart::zeros : ones ? HostPart::ones : HostPart::mixed;
}

}  // namespace

std::string_view reserved_as(const IpPrefix& prefix) {
  const Family family = prefix.address.family();
  const HostPart part = prefix.length + 1 < IpAddress::width(family) ? host_part(prefix) : HostPart::none;
  if (part == HostPart::zeros) {
    return family == Family::ipv6 ? "the Subnet-Router anycast address" : "the address of the network";
  }
  return part == HostPart::ones && family == Family::ipv4 ? "the broadcast address of the network" : "";
}

}  // namespace tandem::base
