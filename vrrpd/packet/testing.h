// SPDX-License-Identifier: Apache-2.0
// Helpers of this folder's tests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/wire.h"
#include "vrrpd/packet/advertisement.h"

namespace tandem::vrrpd::packet::testing {

using Buffer = std::vector<std::uint8_t>;

// "21 01 64" or "210164".
inline Buffer hex(std::string_view text) {
  Buffer bytes;
  std::string digits;
  for (const char c : text) {
    if (c != ' ' && c != '\n') {
      digits += c;
    }
  }
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(digits.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

inline std::string to_hex(base::Bytes bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += fmt::format("{:02x}", byte);
  }
  return text;
}

inline IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

inline std::vector<IpAddress> ips(std::initializer_list<std::string_view> texts) {
  std::vector<IpAddress> addresses;
  for (const std::string_view text : texts) {
    addresses.push_back(ip(text));
  }
  return addresses;
}

inline std::vector<IpAddress> to_vector(const AddressView& view) {
  std::vector<IpAddress> addresses;
  for (std::size_t i = 0; i < view.size(); ++i) {
    addresses.push_back(view[i]);
  }
  return addresses;
}

// The IP header of a correct advert.
inline IpInfo from(std::string_view source) {
  const IpAddress address = ip(source);
  return {address, multicast_group(address.family()), kRequiredTtl};
}

inline Buffer encoded(const Advertisement& fields, const IpInfo& info, const std::vector<IpAddress>& addresses) {
  Buffer buffer(encoded_size(fields.version, info.source.family(), addresses.size()));
  encode(fields, info.source, info.destination, addresses, buffer);
  return buffer;
}

// An IPv4 packet around `message`; `options` is a multiple of 4 bytes. The header checksum stays 0: the kernel checks
// it.
inline Buffer ipv4_packet(const IpInfo& info, base::Bytes message, const Buffer& options = {}) {
  Buffer packet(20 + options.size() + message.size());
  base::Writer writer(packet);
  writer.u8(static_cast<std::uint8_t>(0x45 + options.size() / 4));
  writer.u8(0xc0);
  writer.u16(static_cast<std::uint16_t>(packet.size()));
  writer.u32(0);
  writer.u8(info.ttl);
  writer.u8(kIpProtocolVrrp);
  writer.u16(0);
  writer.bytes(info.source.bytes());
  writer.bytes(info.destination.bytes());
  writer.bytes(options);
  writer.bytes(message);
  return packet;
}

}  // namespace tandem::vrrpd::packet::testing
