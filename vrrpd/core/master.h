// SPDX-License-Identifier: Apache-2.0
// Master: advertises, and owns the addresses.
#pragma once

#include <optional>
#include <vector>

#include "vrrpd/core/action.h"
#include "vrrpd/core/router_data.h"
#include "vrrpd/core/takeover.h"

namespace tandem::vrrpd::core {

// From any other state, the transition included.
void enter_master(RouterData& router, const Takeover& takeover, TimePoint now, Actions& actions);
// The result: why the router has to step down, and to follow the sender.
std::optional<Cause> receive_in_master(RouterData& router, const packet::ReceivedAdvertisement& received, TimePoint now,
                                       Actions& actions);
void advance_master(RouterData& router, TimePoint now, Actions& actions);  // harmless before the deadline
// Begins a new schedule.
void advertise_at_once(RouterData& router, TimePoint now, Actions& actions);
// The list of addresses has changed. `before`: the old one.
void replace_addresses(RouterData& router, const std::vector<IpAddress>& before, TimePoint now, Actions& actions);
// Priority 0, and lets go of the addresses. The transition is the caller's.
void release(RouterData& router, Actions& actions);
TimePoint master_deadline(const RouterData& router);

}  // namespace tandem::vrrpd::core
