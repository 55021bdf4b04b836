// SPDX-License-Identifier: Apache-2.0
// A 48-bit Ethernet address.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

namespace tandem::base {

struct MacAddress {
  std::array<std::uint8_t, 6> bytes{};

  std::string to_string() const;  // "00:00:5e:00:01:05"
  auto operator<=>(const MacAddress&) const = default;
};

}  // namespace tandem::base
