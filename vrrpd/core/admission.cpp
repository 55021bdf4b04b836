// SPDX-License-Identifier: Apache-2.0
// The checks of a decoded advert that need the configuration of a virtual router: the last ones of RFC 9568 §7.1 and
// RFC 3768 §7.1. v2 drops an advert that differs from our configuration (R30, R32). v3 uses it and logs the difference
// (X7: also that of a second owner).
#include "vrrpd/core/admission.h"

#include <algorithm>
#include <bitset>

#include "vrrpd/core/checksum_form.h"
#include "vrrpd/core/coexistence.h"
#include "vrrpd/core/limits.h"
#include "vrrpd/core/output.h"

namespace tandem::vrrpd::core {

namespace {

bool has_our_interval(const RouterData& router, const packet::Advertisement& fields) {
  const auto own = std::chrono::ceil<base::Centiseconds>(router.config.advertisement_interval);
  return fields.interval == packet::wire_interval(fields.version, own);
}

}  // namespace

std::optional<packet::Drop> refusal(const RouterData& router, const packet::ReceivedAdvertisement& received) {
  const packet::Advertisement& fields = received.fields;
  if (!speaks(router, fields.version)) {
    return packet::Drop::version;
  }
  if (has_two_forms(router, received) && router.config.checksum != ChecksumMode::automatic &&
      fields.checksum != router.checksum_sent()) {
    return packet::Drop::checksum;
  }
  if (router.saved.source && received.source == *router.saved.source) {
    return packet::Drop::own_source;
  }
  if (router.config.version == Version::v2) {
    if (!has_our_interval(router, fields)) {
      return packet::Drop::interval_mismatch;
    }
    if (fields.priority != packet::kPriorityOwner && difference_of(router, received.addresses).any()) {
      return packet::Drop::address_list;
    }
  }
  return std::nullopt;
}

// RFC 9568 §5.2.9 asks for one order, but nothing depends on it.
AddressDifference difference_of(const RouterData& router, const packet::AddressView& addresses) {
  AddressDifference difference;
  const std::vector<IpAddress>& ours = *router.config.addresses;
  std::size_t in_our_order = 0;
  while (in_our_order < std::min(addresses.size(), ours.size()) && addresses[in_our_order] == ours[in_our_order]) {
    ++in_our_order;
  }
  if (in_our_order == addresses.size() && in_our_order == ours.size()) {
    return difference;
  }
  std::bitset<kMaxIpv4Addresses> found;  // by the place in the sorted list
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const IpAddress address = addresses[i];
    const auto at = std::lower_bound(router.sorted_addresses.begin(), router.sorted_addresses.end(), address);
    const auto place = static_cast<std::size_t>(at - router.sorted_addresses.begin());
    if (at != router.sorted_addresses.end() && *at == address && !found[place]) {
      found.set(place);
    } else if (difference.beside++ == 0) {
      difference.first_beside = address;
    }
  }
  for (std::size_t place = 0; place < router.sorted_addresses.size(); ++place) {
    if (!found[place] && difference.lacking++ == 0) {
      difference.first_lacking = router.sorted_addresses[place];
    }
  }
  return difference;
}

void account(RouterData& router, const packet::ReceivedAdvertisement& received, Actions& actions) {
  const packet::Advertisement& fields = received.fields;
  ++router.statistics.advertisements_received;
  if (fields.priority == packet::kPriorityRelease) {
    ++router.statistics.priority_zero_received;
  }
  if (has_two_forms(router, received) && fields.checksum == packet::ChecksumForm::message_only) {
    ++router.statistics.message_only_received;
  }
  if (!has_our_interval(router, fields)) {  // R31
    ++router.statistics.interval_mismatches;
    notice(router, Notice::interval_mismatch, received, actions);
  }
  if (const AddressDifference difference = difference_of(router, received.addresses); difference.any()) {  // R32
    ++router.statistics.address_list_mismatches;
    actions.push_back(
        {router.id,
         Noticed{.notice = Notice::address_list_mismatch, .peer = received.source, .difference = difference}});
  }
  if (fields.priority == router.effective_priority()) {
    if (router.owner) {  // R24, R103
      ++router.statistics.owner_conflicts;
    }
    notice(router, router.owner ? Notice::owner_conflict : Notice::equal_priority, received, actions);
  }
}

void account_refused(RouterData& router, packet::Drop reason, const packet::ReceivedAdvertisement& received,
                     Actions& actions) {
  router.statistics.drops.count(reason);
  actions.push_back(
      {router.id, Noticed{.notice = Notice::packet_dropped,
                          .drop = reason,
                          .peer = received.source,
                          .interval = received.fields.interval,
                          .difference = reason == packet::Drop::address_list ? difference_of(router, received.addresses)
                                                                             : AddressDifference{}}});
}

void account_rejected(RouterData& router, const PacketRejected& rejected, Actions& actions) {
  router.statistics.drops.count(rejected.reason);
  actions.push_back(
      {router.id, Noticed{.notice = Notice::packet_dropped, .drop = rejected.reason, .peer = rejected.source}});
}

}  // namespace tandem::vrrpd::core
