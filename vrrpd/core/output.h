// SPDX-License-Identifier: Apache-2.0
// What a virtual router says, as actions, in the order of the calls; counted in its statistics.
#pragma once

#include "vrrpd/core/action.h"
#include "vrrpd/core/router_data.h"

namespace tandem::vrrpd::core {

// In each version that the router speaks. Precondition: the source address is known.
void advertise(RouterData& router, std::uint8_t priority, Actions& actions);
// Gratuitous ARP or unsolicited neighbour advertisements.
void announce(RouterData& router, AddressList addresses, Actions& actions);
// The router is in the new state when this returns.
void transition(RouterData& router, const Transition& transition, Actions& actions);
// For the log: something about a received advert.
void notice(const RouterData& router, Notice what, const packet::ReceivedAdvertisement& received, Actions& actions);

}  // namespace tandem::vrrpd::core
