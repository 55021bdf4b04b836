// SPDX-License-Identifier: Apache-2.0
// What the configuration of a virtual router says about an advert that vrrpd/packet has found correct: the last checks
// of RFC 9568 §7.1 and RFC 3768 §7.1. v2 drops what differs from our configuration (R30, R32), v3 mentions it (X7: also
// of two owners).
#include <algorithm>
#include <bitset>

#include "vrrpd/core/router.h"

namespace tandem::vrrpd::core {

std::optional<packet::Drop> Router::refusal(const packet::ReceivedAdvertisement& received) const {
  const packet::Advertisement& fields = received.fields;
  if (!speaks(fields.version)) {
    return packet::Drop::version;
  }
  const bool two_forms = fields.version == Version::v3 && config_.family == Family::ipv4;
  if (two_forms && config_.checksum != ChecksumMode::automatic && fields.checksum != checksum_sent()) {
    return packet::Drop::checksum;
  }
  if (source_ && received.source == *source_) {
    return packet::Drop::own_source;
  }
  if (config_.version == Version::v2) {
    if (!has_our_interval(fields)) {
      return packet::Drop::interval_mismatch;
    }
    if (fields.priority != packet::kPriorityOwner && !has_our_addresses(received.addresses)) {
      return packet::Drop::address_list;
    }
  }
  return std::nullopt;
}

// The same addresses, in whatever order: RFC 9568 §5.2.9 asks for one order, but nothing depends on it.
bool Router::has_our_addresses(const packet::AddressView& addresses) const {
  if (addresses.size() != sorted_addresses_.size()) {
    return false;
  }
  std::size_t in_our_order = 0;
  while (in_our_order < addresses.size() && addresses[in_our_order] == (*config_.addresses)[in_our_order]) {
    ++in_our_order;
  }
  if (in_our_order == addresses.size()) {
    return true;
  }
  std::bitset<kMaxIpv4Addresses> found;  // an address that is listed twice counts once
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const auto at = std::lower_bound(sorted_addresses_.begin(), sorted_addresses_.end(), addresses[i]);
    if (at == sorted_addresses_.end() || *at != addresses[i]) {
      return false;
    }
    found.set(static_cast<std::size_t>(at - sorted_addresses_.begin()));
  }
  return found.count() == addresses.size();
}

bool Router::has_our_interval(const packet::Advertisement& fields) const {
  const auto own = std::chrono::ceil<base::Centiseconds>(config_.advertisement_interval);
  return fields.interval == packet::wire_interval(fields.version, own);
}

// Counts an advert that is used, and mentions what an operator should know about it.
void Router::account(const packet::ReceivedAdvertisement& received, Actions& actions) {
  const packet::Advertisement& fields = received.fields;
  ++statistics_.advertisements_received;
  if (fields.priority == packet::kPriorityRelease) {
    ++statistics_.priority_zero_received;
  }
  if (fields.version == Version::v3 && config_.family == Family::ipv4) {
    if (fields.checksum == packet::ChecksumForm::message_only) {
      ++statistics_.message_only_received;
    }
    const packet::ChecksumForm sent_before = checksum_sent();
    heard_form_ = fields.checksum;
    if (checksum_sent() != sent_before) {
      notice(Notice::checksum_form_changed, received.source, actions);
    }
  }
  if (!has_our_interval(fields)) {  // R31
    ++statistics_.interval_mismatches;
    notice(Notice::interval_mismatch, received.source, actions);
  }
  if (!has_our_addresses(received.addresses)) {  // R32
    ++statistics_.address_list_mismatches;
    notice(Notice::address_list_mismatch, received.source, actions);
  }
  if (fields.priority == effective_priority()) {
    if (owner_) {  // R24, R103
      ++statistics_.owner_conflicts;
    }
    notice(owner_ ? Notice::owner_conflict : Notice::equal_priority, received.source, actions);
  }
}

void Router::notice(Notice what, const IpAddress& peer, Actions& actions) {
  actions.push_back({id_, Noticed{.notice = what, .peer = peer}});
}

}  // namespace tandem::vrrpd::core
