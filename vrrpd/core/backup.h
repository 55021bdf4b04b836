// SPDX-License-Identifier: Apache-2.0
// Backup: follows a Master, silently.
#pragma once

#include <optional>

#include "vrrpd/core/action.h"
#include "vrrpd/core/router_data.h"
#include "vrrpd/core/takeover.h"

namespace tandem::vrrpd::core {

// Sets the Master_Down_Timer. The transition is the caller's.
void enter_backup(RouterData& router, TimePoint now);
void receive_in_backup(RouterData& router, const packet::ReceivedAdvertisement& received, TimePoint now,
                       Actions& actions);
// Takes the sender of the advert for the Master.
void follow(RouterData& router, const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions);
// Harmless before the deadline. The result: the router becomes Master.
std::optional<Takeover> advance_backup(RouterData& router, TimePoint now, Actions& actions);
// After a change of configuration or interface.
std::optional<Takeover> reconfigured_in_backup(RouterData& router, bool became_owner);
TimePoint backup_deadline(const RouterData& router);

}  // namespace tandem::vrrpd::core
