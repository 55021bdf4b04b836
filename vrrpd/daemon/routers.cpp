// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/routers.h"

#include <utility>

namespace tandem::vrrpd::daemon {
namespace {

std::size_t advert_size(const core::RouterConfig& config) {
  constexpr std::size_t kIpv4Header = 20;
  constexpr std::size_t kIpv6Header = 40;
  const packet::Version largest = config.also_version_2 ? packet::Version::v2 : config.version;
  return (config.family == core::Family::ipv4 ? kIpv4Header : kIpv6Header) +
         packet::encoded_size(largest, config.family, config.addresses->size());
}

}  // namespace

bool configure(RouterEntry& entry, const config::Group& group) {
  entry.prefixes = group.addresses(entry.key.family);
  bool status_changes = std::exchange(entry.vrf, group.vrf) != group.vrf;
  const config::StartupDelay startup_delay = config::startup_delay_of(group);
  status_changes |= std::exchange(entry.startup_delay, startup_delay) != startup_delay;
  entry.macvlan = group.autoconfigured ? io::DesiredDevice::Macvlan::followed : io::DesiredDevice::Macvlan::made;
  entry.advert_size = advert_size(config::router_config(group, entry.key.family));
  return status_changes;
}

std::optional<config::RouterAdvertisement> advertised_by(const config::RouterKey& key, const config::Group& group) {
  return key.family == core::Family::ipv6 ? group.router_advertisement : std::nullopt;
}

core::RouterId Routers::add(RouterEntry entry) {
  const core::RouterId id{next_id_++};
  const bool is_new = ids_.emplace(entry.key, id).second;
  TANDEM_INVARIANT(is_new);
  entries_.emplace(id, std::move(entry));
  return id;
}

void Routers::retire(core::RouterId id) {
  RouterEntry& entry = entries_.at(id);
  entry.router = nullptr;
  ids_.erase(entry.key);
}

std::optional<core::RouterId> Routers::find(const config::RouterKey& key) const {
  const auto found = ids_.find(key);
  return found == ids_.end() ? std::nullopt : std::optional(found->second);
}

RouterEntry* Routers::look_up(core::RouterId id) {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : &found->second;
}

std::vector<core::RouterId> Routers::on_interface(const std::string& name) const {
  std::vector<core::RouterId> ids;
  const config::RouterKey first{name, core::Vrid(1), core::Family::ipv4};
  for (auto at = ids_.lower_bound(first); at != ids_.end() && at->first.interface == name; ++at) {
    ids.push_back(at->second);
  }
  return ids;
}

}  // namespace tandem::vrrpd::daemon
