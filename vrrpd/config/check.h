// SPDX-License-Identifier: Apache-2.0
// What must hold between the parts of a configuration and cannot be said well in XPath. Everything else is a constraint
// in yang/.
#pragma once

#include <string>
#include <vector>

#include "vrrpd/config/model.h"

namespace tandem::vrrpd::config {

// Every violation, as a message that names its object: "vrrp 5 on eth1: … (10.0.0.255/24)". Empty: the configuration
// can be applied.
std::vector<std::string> check(const Config& config);

// Virtual routers that the configuration makes: at most core::kMaxRouters.
std::size_t router_count(const Config& config);

}  // namespace tandem::vrrpd::config
