// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/config/check.h"

#include <fmt/format.h>

#include "vrrpd/config/plan.h"
#include "vrrpd/core/limits.h"

namespace tandem::vrrpd::config {
namespace {

class Checker {
 public:
  std::vector<std::string> run(const Config& config) {
    for (const auto& [name, interface] : config.interfaces) {
      check_interface(name, interface);
    }
    if (const std::size_t count = router_count(config); count > core::kMaxRouters) {
      problems_.push_back(
          fmt::format("{} virtual routers are more than one daemon runs (at most {})", count, core::kMaxRouters));
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
            problems_.push_back(fmt::format("{}: vrrp {} on the same interface has this address already ({})", object,
                                            owner->second.value(), prefix.address.to_string()));
          }
        }
      }
    }
  }

  void check_address(const std::string& object, const base::IpPrefix& prefix) {
    if (const std::string_view reserved = base::reserved_as(prefix); !reserved.empty()) {
      problems_.push_back(fmt::format("{}: {} cannot be a virtual address ({})", object, reserved, prefix.to_string()));
    }
  }

  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> check(const Config& config) { return Checker().run(config); }

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
