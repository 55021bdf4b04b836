// SPDX-License-Identifier: Apache-2.0
// What a configuration says of virtual routers, as bytes and back: for the next worker, which has routers to keep alive
// before it has read any YANG. Both ends are of one build (vrrpd/supervisor/shared.h). What is left out here is found
// and put right when that worker compares with the full configuration.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "vrrpd/config/model.h"

namespace tandem::vrrpd::daemon {

std::string encode(const config::Config& configuration);
// Nothing if the bytes are not from encode().
std::optional<config::Config> decode(std::span<const std::byte> bytes);

}  // namespace tandem::vrrpd::daemon
