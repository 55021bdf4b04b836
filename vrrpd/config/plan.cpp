// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/config/plan.h"

#include <iterator>
#include <map>

namespace tandem::vrrpd::config {
namespace {

using Routers = std::map<RouterKey, const Group*>;

Routers routers_of(const Config& config) {
  Routers routers;
  for (const auto& [name, interface] : config.interfaces) {
    for (const auto& [vrid, group] : interface.groups) {
      for (const core::Family family : families_of(group)) {
        routers.emplace_hint(routers.end(), RouterKey{name, vrid, family}, &group);
      }
    }
  }
  return routers;
}

// The part of a group that concerns the virtual router of one family: all but the other family's addresses (R14).
Group part_for(const Group& group, core::Family family) {
  Group part = group;
  (family == core::Family::ipv4 ? part.ipv6 : part.ipv4).clear();
  if (family == core::Family::ipv4) {
    part.router_advertisement.reset();
  }
  return part;
}

bool same_for(core::Family family, const Group& before, const Group& after) {
  return before == after || part_for(before, family) == part_for(after, family);
}

void append_router_changes(std::vector<Change>& plan, const Routers& before, const Routers& after) {
  std::vector<Change> changed;
  std::vector<Change> added;
  for (const auto& [key, group] : before) {
    if (!after.contains(key)) {
      plan.emplace_back(RemoveRouter{key});
    }
  }
  for (const auto& [key, group] : after) {
    const auto old = before.find(key);
    if (old == before.end()) {
      added.emplace_back(AddRouter{key, *group});
    } else if (!same_for(key.family, *old->second, *group)) {
      changed.emplace_back(ChangeRouter{key, *group});
    }
  }
  plan.insert(plan.end(), std::move_iterator(changed.begin()), std::move_iterator(changed.end()));
  plan.insert(plan.end(), std::move_iterator(added.begin()), std::move_iterator(added.end()));
}

}  // namespace

std::vector<core::Family> families_of(const Group& group) {
  if (group.ipv6.empty() || group.version == core::Version::v2) {
    return {core::Family::ipv4};
  }
  return {core::Family::ipv4, core::Family::ipv6};
}

core::RouterConfig router_config(const Group& group, core::Family family) {
  auto addresses = std::make_shared<std::vector<core::IpAddress>>();
  for (const base::IpPrefix& prefix : group.addresses(family)) {
    addresses->push_back(prefix.address);
  }
  const core::GroupConfig& protocol = group;
  core::RouterConfig config{protocol, family, std::move(addresses)};
  config.also_version_2 = group.also_version_2 && family == core::Family::ipv4;  // there is no version 2 over IPv6
  return config;
}

std::vector<Change> plan(const Config& before, const Config& after) {
  std::vector<Change> plan;
  // Logging and debug come first: they determine where and how the other changes are logged.
  if (before.system.log != after.system.log) {
    plan.emplace_back(ChangeLog{});
  }
  if (before.debug != after.debug) {
    plan.emplace_back(ChangeDebug{});
  }
  if (before.system.hostname != after.system.hostname) {
    plan.emplace_back(ChangeHostname{});
  }
  if (before.address_lease != after.address_lease) {
    plan.emplace_back(ChangeAddressLease{after.address_lease});
  }
  append_router_changes(plan, routers_of(before), routers_of(after));
  return plan;
}

}  // namespace tandem::vrrpd::config
