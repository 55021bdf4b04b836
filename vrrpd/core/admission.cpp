// SPDX-License-Identifier: Apache-2.0
// The checks of a decoded advert that need the configuration of a virtual router: the last ones of RFC 9568 §7.1 and
// RFC 3768 §7.1. v2 drops an advert that differs from our configuration (R30, R32). v3 uses it and logs the difference
// (X7: also that of a second owner).
#include <algorithm>
#include <bitset>

#include "vrrpd/core/router.h"

namespace tandem::vrrpd::core {

std::optional<packet::Drop> Router::refusal(const packet::ReceivedAdvertisement& received) const {
  const packet::Advertisement& fields = received.fields;
  if (!speaks(fields.version)) {
    return packet::Drop::version;
  }
  if (has_two_forms(received) && config_.checksum != ChecksumMode::automatic && fields.checksum != checksum_sent()) {
    return packet::Drop::checksum;
  }
  if (saved_.source && received.source == *saved_.source) {
    return packet::Drop::own_source;
  }
  if (config_.version == Version::v2) {
    if (!has_our_interval(fields)) {
      return packet::Drop::interval_mismatch;
    }
    if (fields.priority != packet::kPriorityOwner && difference_of(received.addresses).any()) {
      return packet::Drop::address_list;
    }
  }
  return std::nullopt;
}

// Empty if both lists have the same addresses, in any order. RFC 9568 §5.2.9 asks for one order, but nothing depends on
// it.
AddressDifference Router::difference_of(const packet::AddressView& addresses) const {
  AddressDifference difference;
  const std::vector<IpAddress>& ours = *config_.addresses;
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
    const auto at = std::lower_bound(sorted_addresses_.begin(), sorted_addresses_.end(), address);
    const auto place = static_cast<std::size_t>(at - sorted_addresses_.begin());
    if (at != sorted_addresses_.end() && *at == address && !found[place]) {
      found.set(place);
    } else if (difference.beside++ == 0) {
      difference.first_beside = address;
    }
  }
  for (std::size_t place = 0; place < sorted_addresses_.size(); ++place) {
    if (!found[place] && difference.lacking++ == 0) {
      difference.first_lacking = sorted_addresses_[place];
    }
  }
  return difference;
}

bool Router::has_our_interval(const packet::Advertisement& fields) const {
  const auto own = std::chrono::ceil<base::Centiseconds>(config_.advertisement_interval);
  return fields.interval == packet::wire_interval(fields.version, own);
}

// Counts an advert that is used, and logs what the operator should know about it.
void Router::account(const packet::ReceivedAdvertisement& received, Actions& actions) {
  const packet::Advertisement& fields = received.fields;
  ++statistics_.advertisements_received;
  if (fields.priority == packet::kPriorityRelease) {
    ++statistics_.priority_zero_received;
  }
  if (has_two_forms(received) && fields.checksum == packet::ChecksumForm::message_only) {
    ++statistics_.message_only_received;
  }
  if (!has_our_interval(fields)) {  // R31
    ++statistics_.interval_mismatches;
    notice(Notice::interval_mismatch, received, actions);
  }
  if (const AddressDifference difference = difference_of(received.addresses); difference.any()) {  // R32
    ++statistics_.address_list_mismatches;
    actions.push_back(
        {id_, Noticed{.notice = Notice::address_list_mismatch, .peer = received.source, .difference = difference}});
  }
  if (fields.priority == effective_priority()) {
    if (owner_) {  // R24, R103
      ++statistics_.owner_conflicts;
    }
    notice(owner_ ? Notice::owner_conflict : Notice::equal_priority, received, actions);
  }
}

void Router::notice(Notice what, const packet::ReceivedAdvertisement& received, Actions& actions) const {
  actions.push_back({id_, Noticed{.notice = what, .peer = received.source, .interval = received.fields.interval}});
}

}  // namespace tandem::vrrpd::core
