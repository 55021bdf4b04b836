// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/preparation.h"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <span>

namespace tandem::vrrpd::io {
namespace {

constexpr Setting kIpv6Off{"ipv6/disable_ipv6", 1};
constexpr Setting kIpv6On{"ipv6/disable_ipv6", 0};
constexpr std::string_view kAddressGeneration = "ipv6/addr_gen_mode";

// What the netlink message has set.
bool is_requested(std::string_view key) { return key.starts_with("ipv4/") || key == kAddressGeneration; }

// A kernel without IPv6 refuses the whole message, and so does one whose IPv6 has ended on the interface.
bool is_without_ipv6(const base::Result<>& requested) { return !requested && requested.error().code == EAFNOSUPPORT; }

base::Result<> finish(os::SysctlTree& sysctls, const std::string& name, std::span<const Setting> settings,
                      const base::Result<>& requested) {
  if (!requested && !is_without_ipv6(requested)) {
    return requested;
  }
  for (const Setting& setting : settings) {
    if (is_requested(setting.key) && requested) {
      continue;
    }
    const base::Result<> written = write_setting(sysctls, name, setting);
    if (!written && written.error().code != ENOENT) {
      return written;
    }
  }
  return {};
}

netlink::Request request_for(base::IfIndex index, std::span<const Setting> settings) {
  std::vector<Setting> ipv4;
  std::copy_if(settings.begin(), settings.end(), std::back_inserter(ipv4),
               [](const Setting& setting) { return setting.key.starts_with("ipv4/"); });
  return netlink::set_link_options(index, ipv4);
}

std::vector<Setting> wanted_by(const HealSettings& operation) {
  std::vector<Setting> settings;
  for (const Deviation& deviation : operation.deviations) {
    settings.push_back({deviation.key, deviation.wanted});
  }
  return settings;
}

}  // namespace

base::Result<> write_setting(os::SysctlTree& sysctls, const std::string& name, const Setting& setting) {
  base::Result<> written = sysctls.write(name, setting.key, setting.value);
  return written || sysctls.read(name, setting.key) != setting.value ? written : base::Result<>();
}

// IPv6 off first: what follows happens in silence.
std::vector<Setting> preparation_settings(core::Family family) {
  std::vector<Setting> settings{kIpv6Off};
  for (const Setting& setting : common_settings()) {
    settings.push_back(setting);
  }
  if (family == core::Family::ipv6) {
    for (const Setting& setting : ipv6_settings()) {
      settings.push_back(setting);
    }
  }
  return settings;
}

netlink::Request preparation_request(base::IfIndex index) { return request_for(index, common_settings()); }

base::Result<> finish_preparation(os::SysctlTree& sysctls, const std::string& name, core::Family family,
                                  const base::Result<>& requested) {
  return finish(sysctls, name, preparation_settings(family), requested);
}

netlink::Request healing_request(const HealSettings& operation) {
  return request_for(operation.index, wanted_by(operation));
}

base::Result<> finish_healing(os::SysctlTree& sysctls, const std::string& name, const HealSettings& operation,
                              const base::Result<>& requested) {
  return finish(sysctls, name, wanted_by(operation), requested);
}

base::Result<> switch_ipv6(os::SysctlTree& sysctls, const std::string& name, KernelState::Ipv6 state) {
  const Setting& setting = state == KernelState::Ipv6::on ? kIpv6On : kIpv6Off;
  base::Result<> written = write_setting(sysctls, name, setting);
  return written || (state == KernelState::Ipv6::off && written.error().code == ENOENT) ? base::Result<>() : written;
}

}  // namespace tandem::vrrpd::io
