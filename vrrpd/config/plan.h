// SPDX-License-Identifier: Apache-2.0
// The difference of two configurations as ordered changes. Applying them does not touch a virtual router that no change
// names.
#pragma once

#include <compare>
#include <string>
#include <variant>
#include <vector>

#include "vrrpd/config/model.h"

namespace tandem::vrrpd::config {

// One virtual router.
struct RouterKey {
  std::string interface;
  core::Vrid vrid;
  core::Family family;
  auto operator<=>(const RouterKey&) const = default;
};
constexpr auto describe(base::Type<RouterKey>) {
  return base::fields<RouterKey>(base::field(1, "interface", &RouterKey::interface),
                                 base::field(2, "vrid", &RouterKey::vrid),
                                 base::field(3, "family", &RouterKey::family));
}

// The virtual routers of a group: the IPv4 one always (without addresses it waits in Initialize and shows the reason),
// the IPv6 one if the group has IPv6 addresses and a version that carries them.
std::vector<core::Family> families_of(const Group& group);

// The core's configuration of one virtual router of the group.
core::RouterConfig router_config(const Group& group, core::Family family);

struct RemoveRouter {
  RouterKey key;
};
struct AddRouter {
  RouterKey key;
  Group group;
};
struct ChangeRouter {
  RouterKey key;
  Group group;
};
struct ChangeAddressLease {
  std::chrono::seconds lease;
};
struct ChangeHostname {};
struct ChangeLog {};
struct ChangeDebug {};
using Change =
    std::variant<RemoveRouter, AddRouter, ChangeRouter, ChangeAddressLease, ChangeHostname, ChangeLog, ChangeDebug>;

// Removals first, then changes, then additions: an address may move from one virtual router to another in one
// transaction.
std::vector<Change> plan(const Config& before, const Config& after);

}  // namespace tandem::vrrpd::config
