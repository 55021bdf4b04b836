// SPDX-License-Identifier: Apache-2.0
// Artificial steps for the tests of the invariants: the actions of a broken router.
#pragma once

#include <array>
#include <chrono>

#include "tests/sim/step.h"

namespace tandem::sim::testing {

using namespace std::chrono_literals;
using core::State;

inline Group some_group() { return {.lan = 0, .family = Family::ipv4, .vrid = packet::Vrid(5), .members = {0}}; }

// Priority 100 at 1 s, on an interface without problems.
inline RouterFacts some_router() {
  const RouterConfig config{{.vrid = packet::Vrid(5),
                             .version = Version::v3,
                             .priority = 100,
                             .advertisement_interval = 1s,
                             .preempt = true,
                             .preempt_delay = 0s,
                             .checksum = core::ChecksumMode::automatic,
                             .shutdown = false},
                            Family::ipv4,
                            virtual_addresses(some_group(), 1)};
  const IpAddress source = IpAddress::v4(10, 0, 0, 10);
  return {.config = config,
          .previous = config,
          .status = {.present = true, .up = true, .device_ready = true, .primary = source, .addresses = {source}},
          .source = source,
          .state = State::backup};
}

inline constexpr core::RouterId kId{1};

inline core::Action send(std::uint8_t priority, const RouterFacts& router = some_router()) {
  return {kId, core::SendAdvertisement{{.version = router.config.version,
                                        .vrid = router.config.vrid,
                                        .priority = priority,
                                        .interval = base::Centiseconds(100),
                                        .checksum = ChecksumForm::pseudoheader},
                                       router.source,
                                       router.config.addresses}};
}
inline core::Action claim() { return {kId, core::OwnershipChanged{true}}; }
inline core::Action let_go() { return {kId, core::OwnershipChanged{false}}; }
inline core::Action announce() { return {kId, core::Announce{some_router().config.addresses}}; }
inline core::Action change(State from, State to, core::Cause cause = core::Cause::master_down) {
  return {kId, core::Transitioned{{.from = from, .to = to, .cause = cause}}};
}
inline std::vector<core::Action> takeover(core::Cause cause = core::Cause::master_down) {
  return {send(100), claim(), announce(), change(State::backup, State::master, cause)};
}

// An advert from 10.0.0.20, which is higher than the router's address.
struct Heard {
  std::uint8_t priority = 200;
  base::Centiseconds interval{100};
  Version version = Version::v3;
  IpAddress source = IpAddress::v4(10, 0, 0, 20);
};
inline packet::ReceivedAdvertisement to_packet(const Heard& heard) {
  static constexpr std::array<std::uint8_t, 4> kAddress{192, 168, 5, 0};
  return {.fields = {.version = heard.version,
                     .vrid = packet::Vrid(5),
                     .priority = heard.priority,
                     .interval = heard.interval,
                     .checksum = ChecksumForm::pseudoheader},
          .source = heard.source,
          .addresses = packet::AddressView(Family::ipv4, kAddress)};
}

}  // namespace tandem::sim::testing
