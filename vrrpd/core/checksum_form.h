// SPDX-License-Identifier: Apache-2.0
// Which form of the checksum other routers send, in v3 over IPv4 (R13). What follows for our adverts is
// RouterData::checksum_sent().
#pragma once

#include "vrrpd/core/action.h"
#include "vrrpd/core/router_data.h"

namespace tandem::vrrpd::core {

// Whether the checksum of such an advert has two forms: v3 over IPv4.
bool has_two_forms(const RouterData& router, const packet::ReceivedAdvertisement& received);
// From an advert that is followed.
void learn_form(RouterData& router, const packet::ReceivedAdvertisement& received, Actions& actions);
// From an advert that is not followed.
void suspect_form(RouterData& router, const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions);

}  // namespace tandem::vrrpd::core
