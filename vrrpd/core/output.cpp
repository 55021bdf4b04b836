// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/core/output.h"

#include <utility>

namespace tandem::vrrpd::core {

namespace {

void advertise_as(RouterData& router, Version version, std::uint8_t priority, Actions& actions) {
  ++router.statistics.advertisements_sent;
  if (priority == packet::kPriorityRelease) {
    ++router.statistics.priority_zero_sent;
  }
  const packet::Advertisement advertisement{
      .version = version,
      .vrid = router.config.vrid,
      .priority = priority,
      .interval = std::chrono::ceil<base::Centiseconds>(router.config.advertisement_interval),
      .checksum = version == Version::v2 ? packet::ChecksumForm::message_only : router.checksum_sent()};
  actions.push_back({router.id, SendAdvertisement{advertisement, *router.saved.source, router.config.addresses}});
}

}  // namespace

void advertise(RouterData& router, std::uint8_t priority, Actions& actions) {
  advertise_as(router, router.config.version, priority, actions);
  if (router.config.also_version_2) {
    advertise_as(router, Version::v2, priority, actions);
  }
}

void announce(RouterData& router, AddressList addresses, Actions& actions) {
  router.statistics.announcements_sent += addresses->size();
  actions.push_back({router.id, Announce{std::move(addresses)}});
}

void transition(RouterData& router, const Transition& transition, Actions& actions) {
  router.saved.state = transition.to;
  ++router.statistics.transitions;
  actions.push_back({router.id, Transitioned{transition}});
}

void notice(const RouterData& router, Notice what, const packet::ReceivedAdvertisement& received, Actions& actions) {
  actions.push_back(
      {router.id, Noticed{.notice = what, .peer = received.source, .interval = received.fields.interval}});
}

}  // namespace tandem::vrrpd::core
