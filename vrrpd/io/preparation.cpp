// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/preparation.h"

#include <algorithm>
#include <array>
#include <cerrno>

namespace tandem::vrrpd::io {
namespace {

// What keeps a macvlan deaf and mute, and off the wire until it is Master. One netlink message sets these.
constexpr std::array<Setting, 3> kCommonSettings{
    {{"ipv4/rp_filter", 2},        // loose; without an address everything is dropped
     {"ipv4/arp_ignore", 1},       // answer for addresses of this interface only
     {"ipv6/addr_gen_mode", 1}}};  // none: a virtual MAC makes no interface identifier (R91)
constexpr Setting kIpv6Off{"ipv6/disable_ipv6", 1};
constexpr Setting kIpv6On{"ipv6/disable_ipv6", 0};
constexpr std::array<Setting, 4> kIpv6Settings{
    {{"ipv6/accept_ra", 0},
     {"ipv6/router_solicitations", 0},
     {"ipv6/accept_dad", 0},
     {"ipv6/forwarding", 1}}};  // neighbour advertisements carry the Router flag (R54)

constexpr std::array<netlink::Ipv4Setting, 2> kIpv4Options{
    {{netlink::Ipv4Option::rp_filter, 2}, {netlink::Ipv4Option::arp_ignore, 1}}};

bool is_common(const Setting& setting) {
  return std::any_of(kCommonSettings.begin(), kCommonSettings.end(),
                     [&](const Setting& common) { return common.key == setting.key; });
}

}  // namespace

// IPv6 off first: what follows happens in silence.
std::vector<Setting> preparation_settings(core::Family family) {
  std::vector<Setting> settings{kIpv6Off};
  settings.insert(settings.end(), kCommonSettings.begin(), kCommonSettings.end());
  if (family == core::Family::ipv6) {
    settings.insert(settings.end(), kIpv6Settings.begin(), kIpv6Settings.end());
  }
  return settings;
}

netlink::Request preparation_request(base::IfIndex index) { return netlink::set_link_options(index, kIpv4Options); }

base::Result<> finish_preparation(SysctlTree& sysctls, const std::string& name, core::Family family,
                                  const base::Result<>& requested) {
  const bool without_ipv6 = !requested && requested.error().code == EAFNOSUPPORT;  // refuses the whole message
  if (!requested && !without_ipv6) {
    return requested;
  }
  for (const Setting& setting : preparation_settings(family)) {
    if (is_common(setting) && !without_ipv6) {
      continue;
    }
    const base::Result<> written = sysctls.write(name, setting.key, setting.value);
    if (!written && written.error().code != ENOENT) {
      return written;
    }
  }
  return {};
}

base::Result<> switch_ipv6(SysctlTree& sysctls, const std::string& name, Memory::Ipv6 state) {
  const Setting& setting = state == Memory::Ipv6::on ? kIpv6On : kIpv6Off;
  base::Result<> written = sysctls.write(name, setting.key, setting.value);
  return written || (state == Memory::Ipv6::off && written.error().code == ENOENT) ? base::Result<>() : written;
}

}  // namespace tandem::vrrpd::io
