// SPDX-License-Identifier: Apache-2.0
// Chooses the form of the checksum that a virtual router sends in v3 over IPv4, if its configuration allows both (R13).
// It sends the form of the router whose adverts it follows. Two consecutive adverts of a router that it does not follow
// count as well: a router that knows only one form does not hear a Master that sends the other form, and would stay a
// second Master. One such advert does not count, so that a forged advert cannot make two routers deaf to each other.
#include "vrrpd/core/checksum_form.h"

#include <chrono>

#include "vrrpd/core/output.h"

namespace tandem::vrrpd::core {

namespace {

// The time between the two adverts, in advertisement intervals of their sender: long enough to exclude a burst, short
// enough to exclude unrelated adverts.
constexpr int kLeastPart = 2;  // half an interval
constexpr int kMost = 4;

}  // namespace

bool has_two_forms(const RouterData& router, const packet::ReceivedAdvertisement& received) {
  return received.fields.version == Version::v3 && router.config.family == Family::ipv4;
}

void learn_form(RouterData& router, const packet::ReceivedAdvertisement& received, Actions& actions) {
  router.saved.other_form.reset();
  if (!has_two_forms(router, received)) {
    return;
  }
  const packet::ChecksumForm sent_before = router.checksum_sent();
  router.saved.heard_form = received.fields.checksum;
  if (router.checksum_sent() != sent_before) {
    notice(router, Notice::checksum_form_changed, received, actions);
  }
}

void suspect_form(RouterData& router, const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions) {
  if (!has_two_forms(router, received)) {
    return;
  }
  const bool known = router.saved.other_form && router.saved.other_form->address == received.source;
  if (received.fields.checksum == router.checksum_sent()) {
    if (known) {
      router.saved.other_form.reset();
    }
    return;
  }
  const auto interval = std::chrono::duration_cast<Duration>(received.fields.interval);
  const Duration since = known ? now - router.saved.other_form->heard : Duration::max();
  if (since < interval / kLeastPart) {
    return;
  }
  if (since <= kMost * interval) {
    learn_form(router, received, actions);
    return;
  }
  router.saved.other_form = OtherForm{.address = received.source, .heard = now};
}

}  // namespace tandem::vrrpd::core
