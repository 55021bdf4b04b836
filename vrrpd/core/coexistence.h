// SPDX-License-Identifier: Apache-2.0
// Version 2 beside version 3 in one virtual router (RFC 9568 §8.4.2).
#pragma once

#include "vrrpd/core/action.h"
#include "vrrpd/core/router_data.h"

namespace tandem::vrrpd::core {

bool speaks(const RouterData& router, Version version);
// Whether the advert repeats in version 2 what its sender says in version 3. Remembers the senders of version 3.
bool is_said_by_version_3(RouterData& router, const packet::ReceivedAdvertisement& received, TimePoint now,
                          Actions& actions);

}  // namespace tandem::vrrpd::core
