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
#include "vrrpd/core/router.h"

namespace tandem::vrrpd::core {

namespace {

// A router that speaks both sends version 2 directly after version 3. One advert of version 2 may be lost; three
// missing ones mean that the router sends none.
constexpr int kAloneBeforeNotice = 3;

}  // namespace

bool Router::speaks(Version version) const {
  return version == config_.version || (config_.also_version_2 && version == Version::v2);
}

// Whether the advert repeats in version 2 what its sender says in version 3. Remembers the senders of version 3.
bool Router::is_said_by_version_3(const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions) {
  if (!config_.also_version_2) {
    return false;
  }
  const bool known = saved_.version_3_peer && saved_.version_3_peer->address == received.source;
  if (received.fields.version == Version::v2) {
    const bool repeats = known && now < saved_.version_3_peer->until;
    if (repeats) {
      saved_.version_3_peer->alone = 0;
    }
    return repeats;
  }
  if (!known) {
    saved_.version_3_peer = Version3Peer{.address = received.source};
  }
  saved_.version_3_peer->until = now + 3 * std::chrono::duration_cast<Duration>(received.fields.interval);
  if (saved_.version_3_peer->alone < kAloneBeforeNotice && ++saved_.version_3_peer->alone == kAloneBeforeNotice) {
    notice(Notice::no_version_2, received, actions);
  }
  return false;
}

}  // namespace tandem::vrrpd::core
