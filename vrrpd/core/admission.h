// SPDX-License-Identifier: Apache-2.0
// What the configuration of a virtual router says about an advert that vrrpd/packet has found correct.
#pragma once

#include <optional>

#include "vrrpd/core/action.h"
#include "vrrpd/core/event.h"
#include "vrrpd/core/router_data.h"

namespace tandem::vrrpd::core {

// Why the advert is dropped; nothing: it is used.
std::optional<packet::Drop> refusal(const RouterData& router, const packet::ReceivedAdvertisement& received);
// Counts an advert that is used, and logs what the operator should know about it.
void account(RouterData& router, const packet::ReceivedAdvertisement& received, Actions& actions);
// The same of an advert that refusal() has dropped, and of a packet that vrrpd/packet has refused.
void account_refused(RouterData& router, packet::Drop reason, const packet::ReceivedAdvertisement& received,
                     Actions& actions);
void account_rejected(RouterData& router, const PacketRejected& rejected, Actions& actions);

// Empty if both lists have the same addresses, in any order.
AddressDifference difference_of(const RouterData& router, const packet::AddressView& addresses);

}  // namespace tandem::vrrpd::core
