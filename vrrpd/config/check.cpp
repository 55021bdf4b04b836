// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/config/check.h"

#include <fmt/format.h>

#include "vrrpd/config/plan.h"
#include "vrrpd/core/limits.h"

namespace tandem::vrrpd::config {
namespace {

// The bits of the address behind the prefix, as far as they decide whether a host can have it.
enum class HostPart { none, zeros, ones, mixed };

HostPart host_part(const base::IpPrefix& prefix) {
  const base::Bytes bytes = prefix.address.bytes();
  bool zeros = true;
  bool ones = true;
  for (std::size_t bit = prefix.length; bit < bytes.size() * 8; ++bit) {
    const bool set = ((bytes[bit / 8] >> (7 - bit % 8)) & 1) != 0;
    zeros = zeros && !set;
    ones = ones && set;
  }
  if (zeros && ones) {
    return HostPart::none;
  }
  return zeros ? HostPart::zeros : ones ? HostPart::ones : HostPart::mixed;
}

// Why a host cannot have the address, given the length configured for it; empty: it can. A prefix of one or two
// addresses has neither network nor broadcast address (RFC 3021, RFC 6164).
std::string_view unusable(const base::IpPrefix& prefix) {
  if (prefix.length + 1 >= core::IpAddress::width(prefix.address.family())) {
    return {};
  }
  const HostPart part = host_part(prefix);
  if (prefix.address.family() == core::Family::ipv6) {
    return part == HostPart::zeros ? "the Subnet-Router anycast address cannot be a virtual address" : "";
  }
  if (part == HostPart::zeros) {
    return "the address of the network cannot be a virtual address";
  }
  return part == HostPart::ones ? "the broadcast address of the network cannot be a virtual address" : "";
}

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
    if (const std::string_view reason = unusable(prefix); !reason.empty()) {
      problems_.push_back(fmt::format("{}: {} ({})", object, reason, prefix.to_string()));
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
