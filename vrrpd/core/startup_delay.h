// SPDX-License-Identifier: Apache-2.0
// The startup delay of a Backup (doc/decisions/0039).
#pragma once

#include <optional>

#include "vrrpd/core/action.h"
#include "vrrpd/core/router_data.h"
#include "vrrpd/core/takeover.h"

namespace tandem::vrrpd::core {

// In Backup, after anything that the end of the delay depends on: begins the delay if it is not over. It ends in
// advance_backup(), or with an advert.
void refresh_startup_delay(RouterData& router, TimePoint now, Actions& actions);
// Precondition: the delay holds, and its end has come. The result: the owner of the addresses becomes Master.
std::optional<Takeover> end_startup_delay(RouterData& router, Actions& actions);

}  // namespace tandem::vrrpd::core
