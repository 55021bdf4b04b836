// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/config/check.h"

#include <fmt/format.h>

#include "vrrpd/config/plan.h"
#include "vrrpd/core/limits.h"

namespace tandem::vrrpd::config {
namespace {

using tandem::config::Objection;

class Checker {
 public:
  std::vector<Objection> run(const Config& config) {
    for (const auto& [name, interface] : config.interfaces) {
      check_interface(name, interface);
    }
    if (const std::size_t count = router_count(config); count > core::kMaxRouters) {
      problems_.push_back({.object = {},
                           .entry = {},
                           .message = fmt::format("{} virtual routers are more than one daemon runs (at most {})",
                                                  count, core::kMaxRouters)});
    }
    return std::move(problems_);
  }

 private:
  void check_interface(const std::string& name, const Interface& interface) {
    std::map<core::IpAddress, core::Vrid> owners;
    for (const auto& [vrid, group] : interface.groups) {
      const std::string object = fmt::format("vrrp {} on {}", vrid.value(), name);
      for (const core::Family family : {core::Family::ipv4, core::Family::ipv6}) {
        for (const base::IpPrefix& prefix : group.addresses(family)) {
          check_address(object, prefix);
          const auto [owner, added] = owners.emplace(prefix.address, vrid);
          if (!added) {
            const std::string address = prefix.address.to_string();
            problems_.push_back({object, address,
                                 fmt::format("vrrp {} on the same interface has this address already ({})",
                                             owner->second.value(), address)});
          }
        }
      }
    }
  }

  void check_address(const std::string& object, const base::IpPrefix& prefix) {
    if (const std::string_view reserved = base::reserved_as(prefix); !reserved.empty()) {
      problems_.push_back({object, prefix.address.to_string(),
                           fmt::format("{} cannot be a virtual address ({})", reserved, prefix.to_string())});
    }
  }

  std::vector<Objection> problems_;
};

}  // namespace

std::vector<tandem::config::Objection> check(const Config& config) { return Checker().run(config); }

std::size_t router_count(const Config& config) {
  std::size_t count = 0;
  for (const auto& [name, interface] : config.interfaces) {
    for (const auto& [vrid, group] : interface.groups) {
      count += families_of(group).size();
    }
  }
  return count;
}

}  // namespace tandem::vrrpd::config
