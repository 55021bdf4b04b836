// SPDX-License-Identifier: Apache-2.0
// Layout of the VRRP message (RFC 9568 §5.1, RFC 3768 §5.1). Private to this folder.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tandem::vrrpd::packet {

inline constexpr std::size_t kVersionTypeOffset = 0;  // version in the upper four bits
inline constexpr std::size_t kVridOffset = 1;
inline constexpr std::size_t kPriorityOffset = 2;
inline constexpr std::size_t kCountOffset = 3;
inline constexpr std::size_t kAuthTypeOffset = 4;  // v2; v3: reserved, and the upper four bits of the interval
inline constexpr std::size_t kIntervalOffset = 5;
inline constexpr std::size_t kChecksumOffset = 6;
inline constexpr std::size_t kHeaderSize = 8;
inline constexpr std::size_t kAuthDataSize = 8;  // v2: always there (RFC 3768 §5.3.10)
inline constexpr std::uint8_t kTypeAdvertisement = 1;

inline constexpr std::size_t kIpv4HeaderSize = 20;  // without options

}  // namespace tandem::vrrpd::packet
