// SPDX-License-Identifier: Apache-2.0
// Names of the kernel's objects, as types that cannot be mixed up with other numbers.
#pragma once

#include <cstdint>

namespace tandem::base {

enum class IfIndex : std::uint32_t {};  // index of a network interface; 0 = none

inline constexpr IfIndex kNoInterface{0};

constexpr std::uint32_t to_number(IfIndex index) { return static_cast<std::uint32_t>(index); }

}  // namespace tandem::base
