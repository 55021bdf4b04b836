// SPDX-License-Identifier: Apache-2.0
// Version 2 beside version 3, while the routers of a LAN change from one to the other (RFC 9568 §8.4.2; R96–R102): a
// virtual router of version 3 over IPv4 that also speaks version 2.
//
//   sends      each advert in both versions (R97), also below a second; version 2 carries whole seconds
//   receives   both; from a router that speaks both, only version 3 (R99), which says more
//   follows    a Master of version 2 with the interval of its adverts, in seconds (R98)
//   logs       a router that sends only version 3: routers of version 2 would not hear it as Master (R100)
//
// A router of version 2 should not have the higher priority if our interval is below a second (R102): the time between
// its adverts is then longer than the Master Down Interval of the others. That is the operator's choice.
#include "vrrpd/core/coexistence.h"

#include "vrrpd/core/output.h"

namespace tandem::vrrpd::core {

namespace {

// A router that speaks both sends version 2 directly after version 3. One advert of version 2 may be lost; three
// missing ones mean that the router sends none.
constexpr int kAloneBeforeNotice = 3;

}  // namespace

bool speaks(const RouterData& router, Version version) {
  return version == router.config.version || (router.config.also_version_2 && version == Version::v2);
}

bool is_said_by_version_3(RouterData& router, const packet::ReceivedAdvertisement& received, TimePoint now,
                          Actions& actions) {
  if (!router.config.also_version_2) {
    return false;
  }
  const bool known = router.saved.version_3_peer && router.saved.version_3_peer->address == received.source;
  if (received.fields.version == Version::v2) {
    const bool repeats = known && now < router.saved.version_3_peer->until;
    if (repeats) {
      router.saved.version_3_peer->alone = 0;
    }
    return repeats;
  }
  if (!known) {
    router.saved.version_3_peer = Version3Peer{.address = received.source};
  }
  router.saved.version_3_peer->until = now + 3 * std::chrono::duration_cast<Duration>(received.fields.interval);
  int& alone = router.saved.version_3_peer->alone;
  if (alone < kAloneBeforeNotice) {
    ++alone;
    if (alone == kAloneBeforeNotice) {
      notice(router, Notice::no_version_2, received, actions);
    }
  }
  return false;
}

}  // namespace tandem::vrrpd::core
