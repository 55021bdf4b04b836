// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/rewriting.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "vrrpd/packet/types.h"

namespace tandem::vrrpd::io {
namespace {

// An address with a network of its own makes the macvlan's route the one to the hosts: what they send has to come in
// there.
bool has_own_network(const DesiredDevice& desired) {
  return std::any_of(desired.addresses.begin(), desired.addresses.end(), [](const base::IpPrefix& prefix) {
    const unsigned bits = prefix.address.family() == base::Family::ipv4 ? 32 : 128;
    return prefix.length != bits && !prefix.address.is_link_local();
  });
}

// Frames to a macvlan on a macvlan do not pass that one (decision 0033).
std::optional<Rewrite> rewrite_of(const std::string& interface, const base::MacAddress& virtual_mac,
                                  const InterfaceTable& table) {
  const Interface* const parent = table.find(interface);
  if (parent == nullptr || !parent->link.ethernet || parent->link.macvlan) {
    return std::nullopt;
  }
  return Rewrite{
      .parent = parent->link.index, .name = parent->link.name, .mac = parent->link.mac, .virtual_mac = virtual_mac};
}

}  // namespace

void Rewriting::want(core::RouterId id, const DesiredDevice& desired) {
  if (!desired.claimed || has_own_network(desired)) {
    return forget(id);
  }
  wishes_.insert_or_assign(id, Wish{desired.interface, packet::virtual_mac(desired.vrid, desired.family)});
  doubtful_.insert(id);
}

void Rewriting::forget(core::RouterId id) {
  if (wishes_.erase(id) != 0) {
    doubtful_.insert(id);
  }
}

void Rewriting::recheck(const std::set<std::string>& interfaces) {
  for (const auto& [id, wish] : wishes_) {
    if (interfaces.contains(wish.interface)) {
      doubtful_.insert(id);
    }
  }
}

void Rewriting::recheck_all() {
  for (const auto& [id, wish] : wishes_) {
    doubtful_.insert(id);
  }
}

RewriteChanges Rewriting::take_changes(const InterfaceTable& table) {
  RewriteChanges changes;
  for (const core::RouterId id : std::exchange(doubtful_, {})) {
    const auto wish = wishes_.find(id);
    const auto wanted =
        wish == wishes_.end() ? std::nullopt : rewrite_of(wish->second.interface, wish->second.virtual_mac, table);
    const auto told = told_.find(id);
    if (told != told_.end() && wanted == told->second) {
      continue;
    }
    if (told != told_.end()) {
      changes.removed.push_back(std::move(told->second));
      told_.erase(told);
    }
    if (wanted) {
      changes.added.push_back(*wanted);
      told_.emplace(id, *wanted);
    }
  }
  return changes;
}

}  // namespace tandem::vrrpd::io
