// SPDX-License-Identifier: Apache-2.0
// Why a received packet was not used. One counter each (R35), in the order in which the checks are made (RFC 9568 §7.1,
// RFC 3768 §7.1, conformance.md §1.3).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

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

inline constexpr std::size_t kDropCount = static_cast<std::size_t>(Drop::address_list) + 1;

struct DropInfo {
  std::string_view name;         // key in JSON and YANG: "addressCountZero"
  std::string_view description;  // for logs and `show vrrp detail`: "address count is 0"
};
const DropInfo& info(Drop drop);

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

 private:
  std::array<std::uint64_t, kDropCount> counters_{};
};

}  // namespace tandem::vrrpd::packet
