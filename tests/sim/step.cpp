// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/step.h"

#include <algorithm>
#include <chrono>
#include <set>

namespace tandem::sim {

namespace {

using namespace std::chrono_literals;

bool lists_our_addresses(const RouterFacts& router, const packet::AddressView& addresses) {
  std::set<IpAddress> theirs;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    theirs.insert(addresses[i]);
  }
  return addresses.size() == router.config.addresses->size() &&
         theirs == std::set<IpAddress>(router.config.addresses->begin(), router.config.addresses->end());
}

}  // namespace

bool is_admissible(const RouterFacts& router, const packet::ReceivedAdvertisement& received) {
  const packet::Advertisement& fields = received.fields;
  if (fields.version != router.config.version || received.source == router.source) {
    return false;
  }
  if (fields.version == Version::v2) {
    return fields.interval == router.config.advertisement_interval &&
           (fields.priority == packet::kPriorityOwner || lists_our_addresses(router, received.addresses));
  }
  if (router.config.family == Family::ipv6) {
    return true;
  }
  switch (router.config.checksum) {
    case core::ChecksumMode::automatic:
      return true;
    case core::ChecksumMode::pseudoheader:
      return fields.checksum == ChecksumForm::pseudoheader;
    case core::ChecksumMode::message_only:
      return fields.checksum == ChecksumForm::message_only;
  }
  return false;
}

Duration skew_time(Version version, std::uint8_t priority, Duration interval) {
  const Duration unit = version == Version::v2 ? Duration(1s) : interval;
  return Duration((256 - std::int64_t{priority}) * unit.count() / 256);
}

Duration master_down_interval(Version version, std::uint8_t priority, Duration interval) {
  return interval + interval + interval + skew_time(version, priority, interval);
}

}  // namespace tandem::sim
