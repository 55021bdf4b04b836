// SPDX-License-Identifier: Apache-2.0
// Which of the two forms of the checksum of v3 over IPv4 a virtual router sends that may send both (R13): that of the
// router whose adverts it follows. A router that knows one form only is deaf to a Master who sends the other, and would
// be a second Master for good: so two adverts, one after the other, of a router that is not followed count as well. One
// does not: with it, any host could make us deaf to each other.
#include <chrono>

#include "vrrpd/core/router.h"

namespace tandem::vrrpd::core {

namespace {

// How far apart the two are, in intervals of their sender: neither a burst, nor two that have nothing to do with each
// other.
constexpr int kLeastPart = 2;  // half an interval
constexpr int kMost = 4;

}  // namespace

bool Router::has_two_forms(const packet::ReceivedAdvertisement& received) const {
  return received.fields.version == Version::v3 && config_.family == Family::ipv4;
}

void Router::learn_form(const packet::ReceivedAdvertisement& received, Actions& actions) {
  saved_.other_form.reset();
  if (!has_two_forms(received)) {
    return;
  }
  const packet::ChecksumForm sent_before = checksum_sent();
  saved_.heard_form = received.fields.checksum;
  if (checksum_sent() != sent_before) {
    notice(Notice::checksum_form_changed, received, actions);
  }
}

// An advert that is not followed.
void Router::suspect_form(const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions) {
  if (!has_two_forms(received)) {
    return;
  }
  const bool known = saved_.other_form && saved_.other_form->address == received.source;
  if (received.fields.checksum == checksum_sent()) {
    if (known) {
      saved_.other_form.reset();
    }
    return;
  }
  const auto interval = std::chrono::duration_cast<Duration>(received.fields.interval);
  const Duration since = known ? now - saved_.other_form->heard : Duration::max();
  if (since < interval / kLeastPart) {
    return;
  }
  if (since <= kMost * interval) {
    learn_form(received, actions);
    return;
  }
  saved_.other_form = OtherForm{.address = received.source, .heard = now};
}

}  // namespace tandem::vrrpd::core
