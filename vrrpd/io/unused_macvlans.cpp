// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/unused_macvlans.h"

namespace tandem::vrrpd::io {

void UnusedMacvlans::note(const DesiredDevice& desired) {
  const Interface* const macvlan = desired_.device(desired);
  if (!desired.claimed && macvlan != nullptr && macvlan->link.admin_up) {
    unused_.insert(macvlan->link.index);
  }
}

bool UnusedMacvlans::is_unused(base::IfIndex index) const {
  const Interface* const macvlan = table_.find(index);
  const core::RouterId user = macvlan == nullptr ? kNoRouter : desired_.user_of(macvlan->link);
  if (user == kNoRouter || !macvlan->link.admin_up || !macvlan->addresses.empty()) {
    return false;
  }
  const DesiredState::Entry& entry = desired_.at(user);
  return !entry.desired.claimed && entry.outcome.settled();
}

std::optional<base::IfIndex> UnusedMacvlans::next() {
  std::erase_if(unused_, [this](base::IfIndex index) { return !is_unused(index); });
  return unused_.empty() ? std::nullopt : std::optional(*unused_.begin());
}

}  // namespace tandem::vrrpd::io
