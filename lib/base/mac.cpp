// SPDX-License-Identifier: Apache-2.0
#include "lib/base/mac.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tandem::base {

std::string MacAddress::to_string() const { return fmt::format("{:02x}", fmt::join(bytes, ":")); }

}  // namespace tandem::base
