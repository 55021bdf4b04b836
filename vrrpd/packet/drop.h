// SPDX-License-Identifier: Apache-2.0
// Why a received packet was not used. One counter each (R35), in the order of the checks (RFC 9568 §7.1, RFC 3768
// §7.1).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lib/base/enumerators.h"

namespace tandem::vrrpd::packet {

enum class Drop : std::uint8_t {
  ip_header,           // IPv4 header damaged, or its total length is not what was received
  destination,         // not sent to the VRRP group (R1)
  ttl,                 // TTL or hop limit is not 255 (R17, R18)
  too_short,           // fewer than 8 bytes of VRRP (R21)
  version,             // neither 2 nor 3, 2 over IPv6, or not the version of the virtual router (R19)
  type,                // not an ADVERTISEMENT (R20)
  length,              // does not match the address count (R21); CARP look-alikes end here (X1)
  checksum,            // wrong, or right in the form that the configuration excludes (R22, R13)
  auth_type,           // v2: authentication type is not 0 (R29)
  unknown_vrid,        // no such virtual router on this interface and family (R23)
  address_count_zero,  // R25
  interval_zero,       // R26
  first_address,       // v6: the first address is not link-local (R27)
  own_source,          // sent from our own address: looped back, or an address conflict (R36, X9)
  interval_mismatch,   // v2: advertisement interval is not ours (R30)
  address_list,        // v2: a non-owner advertises other addresses than ours (R32)
};

struct DropInfo {
  std::string_view name;         // key in JSON and YANG: "addressCountZero"
  std::string_view description;  // for logs and `show vrrp detail`: "address count is 0"
};
constexpr DropInfo info(Drop drop) {
  switch (drop) {
    case Drop::ip_header:
      return {"ipHeader", "IPv4 header is damaged"};
    case Drop::destination:
      return {"destination", "destination is not the VRRP group"};
    case Drop::ttl:
      return {"ttl", "TTL or hop limit is not 255"};
    case Drop::too_short:
      return {"tooShort", "packet is shorter than 8 bytes"};
    case Drop::version:
      return {"version", "VRRP version is not the configured one"};
    case Drop::type:
      return {"type", "packet type is not ADVERTISEMENT"};
    case Drop::length:
      return {"length", "length does not match the address count"};
    case Drop::checksum:
      return {"checksum", "checksum is wrong"};
    case Drop::auth_type:
      return {"authType", "authentication type is not 0"};
    case Drop::unknown_vrid:
      return {"unknownVrid", "virtual router is not configured"};
    case Drop::address_count_zero:
      return {"addressCountZero", "address count is 0"};
    case Drop::interval_zero:
      return {"intervalZero", "advertisement interval is 0"};
    case Drop::first_address:
      return {"firstAddress", "first IPv6 address is not link-local"};
    case Drop::own_source:
      return {"ownSource", "source address is our own"};
    case Drop::interval_mismatch:
      return {"intervalMismatch", "advertisement interval differs from ours"};
    case Drop::address_list:
      return {"addressList", "address list differs from ours"};
  }
  return {};
}

constexpr std::string_view name_of(Drop drop) { return info(drop).name; }
inline constexpr auto kDrops = base::kEnumerators<name_of>;
inline constexpr std::size_t kDropCount = kDrops.size();
static_assert(static_cast<std::size_t>(kDrops.back()) + 1 == kDropCount);  // DropCounters has an element for each

class DropCounters {
 public:
  void set(Drop drop, std::uint64_t count) { counters_[static_cast<std::size_t>(drop)] = count; }
  void count(Drop drop) { ++counters_[static_cast<std::size_t>(drop)]; }
  DropCounters& operator+=(const DropCounters& other) {
    for (std::size_t i = 0; i < kDropCount; ++i) {
      counters_[i] += other.counters_[i];
    }
    return *this;
  }
  std::uint64_t operator[](Drop drop) const { return counters_[static_cast<std::size_t>(drop)]; }
  std::uint64_t total() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t counter : counters_) {
      sum += counter;
    }
    return sum;
  }
  bool operator==(const DropCounters&) const = default;

 private:
  std::array<std::uint64_t, kDropCount> counters_{};
};

}  // namespace tandem::vrrpd::packet
