// SPDX-License-Identifier: Apache-2.0
// All inputs of core::Engine as values that own their data, for recordings. core/event.h has the corresponding events,
// which borrow from packets.
#pragma once

#include <variant>
#include <vector>

#include "vrrpd/core/engine.h"

namespace tandem::vrrpd::recording {

struct Added {
  core::RouterConfig config;
  core::InterfaceStatus status;
};
struct Resumed {  // the router existed when the recording began
  core::RouterConfig config;
  core::InterfaceStatus status;
  core::SavedState state;
};
struct Removed {};
struct HeardAdvertisement {
  packet::Advertisement fields;
  base::IpAddress source;
  std::vector<base::IpAddress> addresses;
};
constexpr auto describe(base::Type<HeardAdvertisement>) {
  using H = HeardAdvertisement;
  return base::fields<H>(base::part(&H::fields), base::field(0, "from", &H::source),
                         base::field(0, "addresses", &H::addresses));
}
struct Advanced {};  // concerns all routers

struct Input {
  base::TimePoint at;
  core::RouterId router;
  std::variant<Added, Resumed, Removed, core::Configured, core::InterfaceChanged, HeardAdvertisement,
               core::PacketRejected, core::StopRequested, Advanced>
      what;
};

}  // namespace tandem::vrrpd::recording
