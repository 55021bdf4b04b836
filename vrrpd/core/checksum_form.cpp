// SPDX-License-Identifier: Apache-2.0
// Chooses the form of the checksum that a virtual router sends in v3 over IPv4, if its configuration allows both (R13).
// It sends the form of the router whose adverts it follows. Two consecutive adverts of a router that it does not follow
// count as well: a router that knows only one form does not hear a Master that sends the other form, and would stay a
// second Master. One such advert does not count, so that a forged advert cannot make two routers deaf to each other.
#include <chrono>

#include "vrrpd/core/router.h"

namespace tandem::vrrpd::core {

namespace {

// The time between the two adverts, in advertisement intervals of their sender: long enough to exclude a burst, short
// enough to exclude unrelated adverts.
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

// Learns from an advert that is not followed.
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
