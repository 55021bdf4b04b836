// SPDX-License-Identifier: Apache-2.0
// Views of memory that another object owns.
#pragma once

#include <cstdint>
#include <span>

namespace tandem::base {

using Bytes = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;

}  // namespace tandem::base
