// SPDX-License-Identifier: Apache-2.0
// What must hold between the parts of a configuration and cannot be said well in XPath. Everything else is a constraint
// in yang/.
#pragma once

#include <vector>

#include "lib/config/applier.h"
#include "vrrpd/config/model.h"

namespace tandem::vrrpd::config {

// Every violation: "vrrp 5 on eth1: … (10.0.0.255/24)". Empty: the configuration can be applied.
std::vector<tandem::config::Objection> check(const Config& config);

// Virtual routers that the configuration makes: at most core::kMaxRouters.
std::size_t router_count(const Config& config);

}  // namespace tandem::vrrpd::config
