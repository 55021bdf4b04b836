// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/core/router_data.h"

#include <algorithm>
#include <utility>

#include "vrrpd/core/limits.h"
#include "vrrpd/core/timing.h"

namespace tandem::vrrpd::core {

RouterData::RouterData(RouterId router_id, RouterConfig configured, InterfaceStatus interface_status)
    : id(router_id),
      config(std::move(configured)),
      status(std::move(interface_status)),
      saved{.source = status.primary} {
  adopt(RouterConfig(config));
}

void RouterData::adopt(const RouterConfig& next) {
  TANDEM_INVARIANT(next.family == config.family && next.vrid == config.vrid);
  TANDEM_INVARIANT(next.advertisement_interval > Duration::zero());
  TANDEM_INVARIANT(next.addresses->size() <= kMaxIpv4Addresses);
  config = next;
  sorted_addresses = *config.addresses;
  std::sort(sorted_addresses.begin(), sorted_addresses.end());
  refresh_owner();
}

void RouterData::adopt(const InterfaceStatus& next) {
  status = next;
  refresh_owner();
}

// The owner is the router that has a virtual address on its interface (RFC 9568 §1.7), not on another one (X11); it is
// not configured.
void RouterData::refresh_owner() {
  owner = std::any_of(status.addresses.begin(), status.addresses.end(), [&](const IpAddress& address) {
    return std::binary_search(sorted_addresses.begin(), sorted_addresses.end(), address);
  });
}

// The Master's, once one is heard; until then, and as Master, our own (R74, R75).
Duration RouterData::master_advertisement_interval() const {
  switch (saved.state) {
    case State::initialize:
      return Duration::zero();
    case State::backup:
      return saved.backup.learned_interval.value_or(config.advertisement_interval);
    case State::master:
      return config.advertisement_interval;
  }
  return Duration::zero();
}

Duration RouterData::current_skew_time() const {
  return saved.state == State::initialize
             ? Duration::zero()
             : skew_time(config.version, effective_priority(), master_advertisement_interval());
}

Duration RouterData::current_master_down_interval() const {
  return saved.state == State::initialize
             ? Duration::zero()
             : master_down_interval(config.version, effective_priority(), master_advertisement_interval());
}

packet::ChecksumForm RouterData::checksum_sent() const {
  if (config.version == Version::v2) {
    return packet::ChecksumForm::message_only;
  }
  if (config.family == Family::ipv6) {
    return packet::ChecksumForm::pseudoheader;
  }
  switch (config.checksum) {
    case ChecksumMode::automatic:
      return saved.heard_form.value_or(packet::ChecksumForm::pseudoheader);
    case ChecksumMode::pseudoheader:
      return packet::ChecksumForm::pseudoheader;
    case ChecksumMode::message_only:
      return packet::ChecksumForm::message_only;
  }
  return packet::ChecksumForm::pseudoheader;
}

}  // namespace tandem::vrrpd::core
