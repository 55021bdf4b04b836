// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/desired_state.h"

namespace tandem::vrrpd::io {

DesiredState::Key DesiredState::key_of(const DesiredDevice& desired) {
  return {desired.interface, packet::virtual_mac(desired.vrid, desired.family)};
}

void DesiredState::set(core::RouterId id, DesiredDevice desired) {
  owners_[key_of(desired)] = id;
  entries_.insert_or_assign(id, Entry{std::move(desired)});
}

// Another router may want the macvlan by now.
std::optional<DesiredDevice> DesiredState::erase(core::RouterId id) {
  const auto known = entries_.find(id);
  if (known == entries_.end()) {
    return std::nullopt;
  }
  DesiredDevice desired = std::move(known->second.desired);
  entries_.erase(known);
  const auto owner = owners_.find(key_of(desired));
  if (owner != owners_.end() && owner->second == id) {
    owners_.erase(owner);
  }
  return desired;
}

void DesiredState::clear() {
  entries_.clear();
  owners_.clear();
}

const DesiredState::Entry* DesiredState::find(core::RouterId id) const {
  const auto known = entries_.find(id);
  return known == entries_.end() ? nullptr : &known->second;
}

DesiredState::Owners::const_iterator DesiredState::first_on(const std::string& parent) const {
  return owners_.lower_bound({parent, base::MacAddress{}});
}

std::vector<core::RouterId> DesiredState::routers_on(const std::string& parent) const {
  std::vector<core::RouterId> routers;
  for (auto at = first_on(parent); at != owners_.end() && at->first.first == parent; ++at) {
    routers.push_back(at->second);
  }
  return routers;
}

bool DesiredState::has_routers_on(const std::string& parent) const {
  const auto first = first_on(parent);
  return first != owners_.end() && first->first.first == parent;
}

core::RouterId DesiredState::user_of(const netlink::Link& macvlan) const {
  const Interface* const parent = table_.find(table_.parent_of(macvlan));
  const auto owner = parent == nullptr ? owners_.end() : owners_.find({parent->link.name, macvlan.mac});
  return owner == owners_.end() ? kNoRouter : owner->second;
}

const Interface* DesiredState::device(const DesiredDevice& desired) const {
  const Interface* const parent = table_.find(desired.interface);
  return parent == nullptr ? nullptr : table_.macvlan(parent->link.index, key_of(desired).second);
}

base::IfIndex DesiredState::device_of(core::RouterId id) const {
  const Interface* const found = device(at(id).desired);
  return found == nullptr ? base::kNoInterface : found->link.index;
}

}  // namespace tandem::vrrpd::io
