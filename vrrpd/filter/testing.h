// SPDX-License-Identifier: Apache-2.0
// Configurations and addresses for the tests of this folder.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "vrrpd/filter/rules.h"

namespace tandem::vrrpd::filter::testing {

inline base::IpAddress address(const std::string& text) { return base::IpAddress::parse(text).value(); }

inline config::Group group(unsigned vrid, bool accept_mode, const std::vector<std::string>& addresses) {
  config::Group made{{.vrid = core::Vrid(static_cast<std::uint8_t>(vrid)),
                      .version = core::Version::v3,
                      .priority = 100,
                      .advertisement_interval = std::chrono::seconds(1),
                      .preempt = true,
                      .preempt_delay = {},
                      .checksum = core::ChecksumMode::automatic,
                      .shutdown = false}};
  made.accept_mode = accept_mode;
  for (const std::string& text : addresses) {
    const base::IpAddress parsed = address(text);
    auto& list = parsed.family() == core::Family::ipv4 ? made.ipv4 : made.ipv6;
    list.push_back({parsed, base::IpAddress::width(parsed.family())});
  }
  return made;
}

struct Configured {
  std::string interface;
  config::Group group;
};
inline config::Config config_of(std::initializer_list<Configured> groups) {
  config::Config config;
  for (const Configured& each : groups) {
    config.interfaces[each.interface].groups.emplace(each.group.vrid, each.group);
  }
  return config;
}

inline config::RouterKey key(const std::string& interface, unsigned vrid, core::Family family) {
  return {interface, core::Vrid(static_cast<std::uint8_t>(vrid)), family};
}

}  // namespace tandem::vrrpd::filter::testing
