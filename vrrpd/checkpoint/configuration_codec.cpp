// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "vrrpd/checkpoint/codec.h"
#include "vrrpd/checkpoint/decoding.h"
#include "vrrpd/checkpoint/plausible.h"
#include "vrrpd/core/limits.h"

namespace tandem::vrrpd::checkpoint {
namespace {

// The messages around the groups. Each group is a message of its own, so that an unreadable group does not affect the
// others.
struct SavedInterface {
  std::string name;
  std::string description;
  std::vector<std::string> groups;
};
constexpr auto describe(base::Type<SavedInterface>) {
  using S = SavedInterface;
  return base::fields<S>(base::field(1, "name", &S::name), base::field(2, "description", &S::description),
                         base::field(3, "groups", &S::groups));
}

struct SavedConfiguration {
  std::chrono::seconds address_lease{};
  std::vector<SavedInterface> interfaces;
  bool present = true;  // so that the encoding of an empty configuration has bytes: no bytes mean no configuration
};
constexpr auto describe(base::Type<SavedConfiguration>) {
  using S = SavedConfiguration;
  return base::fields<S>(base::field(1, "address-lease", &S::address_lease),
                         base::field(2, "interfaces", &S::interfaces), base::field(3, "present", &S::present));
}

// The ranges that the core and an advert can hold.
bool is_within_limits(const config::Group& group) {
  return is_plausible(group) && group.priority >= 1 && group.priority < packet::kPriorityOwner &&
         is_interval(group.advertisement_interval) && group.ipv4.size() <= core::kMaxIpv4Addresses &&
         group.ipv6.size() <= core::kMaxIpv6Addresses;
}

bool is_within_limits(const config::RouterAdvertisement& advertisement) {
  return is_plausible(advertisement) && advertisement.interval > std::chrono::seconds(0) &&
         advertisement.interval <= kLongestRouterAdvertisement && advertisement.lifetime <= kLongestRouterAdvertisement;
}

void drop_other_family(std::vector<base::IpPrefix>& prefixes, core::Family family) {
  std::erase_if(prefixes, [family](const base::IpPrefix& prefix) { return prefix.address.family() != family; });
}

std::optional<config::Group> group_of(const std::string& bytes) {
  auto group = base::blank<config::Group>();
  if (!decode(std::as_bytes(std::span(bytes)), group)) {
    return std::nullopt;
  }
  if (group.router_advertisement && !is_within_limits(*group.router_advertisement)) {
    group.router_advertisement.reset();
  }
  drop_other_family(group.ipv4, core::Family::ipv4);
  drop_other_family(group.ipv6, core::Family::ipv6);
  return is_within_limits(group) ? std::optional(std::move(group)) : std::nullopt;
}

}  // namespace

std::string encode(const config::Config& configuration) {
  SavedConfiguration saved{.address_lease = configuration.address_lease, .interfaces = {}};
  for (const auto& [name, interface] : configuration.interfaces) {
    SavedInterface& each = saved.interfaces.emplace_back(SavedInterface{name, interface.description, {}});
    for (const auto& [vrid, group] : interface.groups) {
      each.groups.push_back(encoded(group));
    }
  }
  return encoded(saved);
}

std::optional<config::Config> decode_configuration(Bytes bytes) {
  SavedConfiguration saved;
  if (bytes.empty() || !decode(bytes, saved) || !is_plausible(saved.address_lease)) {
    return std::nullopt;
  }
  config::Config configuration;
  configuration.address_lease = saved.address_lease;
  for (const SavedInterface& each : saved.interfaces) {
    config::Interface& interface = configuration.interfaces[each.name];
    interface.description = each.description;
    for (const std::string& text : each.groups) {
      if (auto group = group_of(text)) {
        interface.groups.insert_or_assign(group->vrid, std::move(*group));
      }
    }
  }
  return configuration;
}

}  // namespace tandem::vrrpd::checkpoint
