// SPDX-License-Identifier: Apache-2.0
// Constraints between parts of a configuration that XPath cannot express well. All other constraints are in yang/.
#pragma once

#include <vector>

#include "lib/config/applier.h"
#include "vrrpd/config/model.h"

namespace tandem::vrrpd::config {

// All violations: "vrrp 5 on eth1: … (10.0.0.255/24)". Empty: the configuration can be applied.
std::vector<tandem::config::Objection> check(const Config& config);

// The number of virtual routers of the configuration; at most core::kMaxRouters is allowed.
std::size_t router_count(const Config& config);

}  // namespace tandem::vrrpd::config
