// SPDX-License-Identifier: Apache-2.0
// The events of a virtual router. Time passing is not an event: see Engine::advance().
#pragma once

#include <variant>

#include "vrrpd/core/types.h"

namespace tandem::vrrpd::core {

struct Configured {  // a new configuration, effective at once
  RouterConfig config;
};
struct InterfaceChanged {
  InterfaceStatus status;
};
struct AdvertisementReceived {
  packet::ReceivedAdvertisement advertisement;  // decoded and checked by vrrpd/packet; borrowed for the call
};
struct PacketRejected {  // a packet for this VRID that vrrpd/packet refused: counted, no effect (R33)
  packet::Drop reason;
  IpAddress source;
};
constexpr auto describe(base::Type<PacketRejected>) {
  return base::fields<PacketRejected>(base::field(0, "reason", &PacketRejected::reason),
                                      base::field(0, "from", &PacketRejected::source));
}
struct StopRequested {};  // the daemon ends: release mastership, stay in Initialize

using Event = std::variant<Configured, InterfaceChanged, AdvertisementReceived, PacketRejected, StopRequested>;

}  // namespace tandem::vrrpd::core
