// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/autoconfiguration.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "vrrpd/config/check.h"
#include "vrrpd/config/from_yang.h"
#include "vrrpd/daemon/limits.h"

namespace tandem::vrrpd::daemon {
namespace {

using Groups = std::map<std::pair<std::string, core::Vrid>, config::Group>;  // by interface and VRID

bool is_configured(const config::Config& config, const std::string& interface, core::Vrid vrid) {
  const auto found = config.interfaces.find(interface);
  return found != config.interfaces.end() && found->second.groups.contains(vrid);
}

std::vector<base::IpPrefix> addresses_of(const io::ForeignMacvlan& macvlan) {
  std::vector<base::IpPrefix> addresses = config::as_advertised(macvlan.addresses, macvlan.vrid);
  const auto same = [](const base::IpPrefix& a, const base::IpPrefix& b) { return a.address == b.address; };
  addresses.erase(std::unique(addresses.begin(), addresses.end(), same), addresses.end());
  return addresses;
}

Groups groups_of(const config::Config& configured, std::span<const io::ForeignMacvlan> macvlans) {
  Groups groups;
  for (const io::ForeignMacvlan& macvlan : macvlans) {
    const bool ipv6 = macvlan.family == core::Family::ipv6;
    if (is_configured(configured, macvlan.parent, macvlan.vrid) ||
        (ipv6 && configured.autoconfigure->version == core::Version::v2)) {
      continue;
    }
    config::Group& group = groups.try_emplace({macvlan.parent, macvlan.vrid}, *configured.autoconfigure).first->second;
    group.vrid = macvlan.vrid;
    (ipv6 ? group.ipv6 : group.ipv4) = addresses_of(macvlan);
  }
  return groups;
}

std::vector<std::string> problems_of(const config::Config& config) {
  std::vector<std::string> problems;
  for (const tandem::config::Objection& objection : config::check(config)) {
    problems.push_back(to_string(objection));
  }
  for (const auto& [name, interface] : config.interfaces) {
    for (const auto& [vrid, group] : interface.groups) {
      for (const core::Family family : {core::Family::ipv4, core::Family::ipv6}) {
        const std::size_t most = family == core::Family::ipv4 ? kMostIpv4Addresses : kMostIpv6Addresses;
        if (group.addresses(family).size() > most) {
          problems.push_back(fmt::format("vrrp {} on {}: more than {} {} addresses do not fit into an advertisement",
                                         vrid.value(), name, most, base::to_string(family)));
        }
      }
    }
  }
  return problems;
}

}  // namespace

std::vector<io::ForeignMacvlan> SettledMacvlans::look(std::vector<io::ForeignMacvlan> found, base::TimePoint now) {
  std::map<base::IfIndex, Seen> seen;
  for (io::ForeignMacvlan& macvlan : found) {
    const auto known = seen_.find(macvlan.index);
    const bool same = known != seen_.end() && known->second.macvlan == macvlan;
    const base::TimePoint since = same ? known->second.since : now;
    const bool counts = first_look_ || now - since >= kSettling || (known != seen_.end() && known->second.counts);
    const base::IfIndex index = macvlan.index;
    seen.emplace(index, Seen{std::move(macvlan), since, counts});
  }
  seen_ = std::move(seen);
  first_look_ = false;
  std::vector<io::ForeignMacvlan> counting;
  for (const auto& [index, each] : seen_) {
    if (each.counts) {
      counting.push_back(each.macvlan);
    }
  }
  return counting;
}

std::optional<base::TimePoint> SettledMacvlans::next_look() const {
  std::optional<base::TimePoint> next;
  for (const auto& [index, each] : seen_) {
    if (!each.counts) {
      next = std::min(next.value_or(each.since + kSettling), each.since + kSettling);
    }
  }
  return next;
}

Autoconfigured autoconfigured(const config::Config& configured, std::span<const io::ForeignMacvlan> macvlans) {
  Autoconfigured result{configured, {}};
  if (!configured.autoconfigure) {
    return result;
  }
  const Groups groups = groups_of(configured, macvlans);
  config::Config all = configured;
  for (const auto& [key, group] : groups) {
    all.interfaces[key.first].groups.emplace(key.second, group);
  }
  if (problems_of(all).empty()) {
    result.config = std::move(all);
    return result;
  }
  for (const auto& [key, group] : groups) {  // which of them it is
    config::Config one_more = result.config;
    one_more.interfaces[key.first].groups.emplace(key.second, group);
    std::vector<std::string> problems = problems_of(one_more);
    if (problems.empty()) {
      result.config = std::move(one_more);
    } else {
      result.left_out.push_back(std::move(problems.front()));
    }
  }
  return result;
}

}  // namespace tandem::vrrpd::daemon
