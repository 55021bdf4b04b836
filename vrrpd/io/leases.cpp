// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/leases.h"

#include <algorithm>
#include <optional>

#include "vrrpd/io/limits.h"

namespace tandem::vrrpd::io {
namespace {

bool has_lease(const DesiredState::Entry& entry) { return entry.desired.claimed && entry.outcome.settled(); }

bool has_lease_in(unsigned part, core::RouterId id, const DesiredState::Entry& entry) {
  return has_lease(entry) && static_cast<unsigned>(id) % kRenewalParts == part;
}

}  // namespace

void Leases::set(Lease lease) {
  lease_ = lease;
  for (const auto& [id, entry] : desired_.all()) {
    if (has_lease(entry)) {
      scheduler_.add(router_item(id), Urgency::renew);
    }
  }
}

std::vector<AddAddress> Leases::renewals(unsigned part) const {
  std::vector<AddAddress> due;
  for (const auto& [id, entry] : desired_.all()) {
    const Interface* const macvlan = has_lease_in(part, id, entry) ? desired_.device(entry.desired) : nullptr;
    if (macvlan == nullptr) {
      continue;
    }
    const std::vector<base::IpPrefix>& wanted = entry.desired.addresses;
    for (const netlink::Address& address : macvlan->addresses) {
      if (std::find(wanted.begin(), wanted.end(), address.prefix) != wanted.end()) {
        due.push_back({macvlan->link.index, address.prefix, lease_});
      }
    }
  }
  return due;
}

// The table has the lifetimes as they were reported. Now a third of them is over.
void Leases::renew(unsigned part) {
  for (const auto& [id, entry] : desired_.all()) {
    const Interface* const macvlan = has_lease_in(part, id, entry) ? desired_.device(entry.desired) : nullptr;
    if (macvlan == nullptr) {
      continue;
    }
    const std::vector<netlink::Address> addresses = macvlan->addresses;
    for (netlink::Address address : addresses) {
      address.lifetime = address.lifetime ? std::optional(2 * *address.lifetime / 3) : std::nullopt;
      table_.apply(netlink::AddressAdded{address});
    }
    scheduler_.add(router_item(id), Urgency::renew);
  }
}

}  // namespace tandem::vrrpd::io
