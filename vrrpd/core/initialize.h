// SPDX-License-Identifier: Apache-2.0
// Initialize: waits until nothing stands in the way.
#pragma once

#include "vrrpd/core/router_data.h"

namespace tandem::vrrpd::core {

// What keeps the router in Initialize, or forces it there, with this configuration; `none`: nothing.
InitializeReason obstacle(const RouterData& router, const RouterConfig& config);
// The state that the router is to go to from Initialize; Initialize: an obstacle is left.
State state_after_initialize(const RouterData& router, TimePoint now);

}  // namespace tandem::vrrpd::core
