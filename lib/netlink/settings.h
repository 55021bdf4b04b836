// SPDX-License-Identifier: Apache-2.0
// The settings that the kernel keeps for each interface (net.ipv4.conf.X, net.ipv6.conf.X), as a dump of links has
// them: all of all interfaces in one request.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "lib/base/bytes.h"

namespace tandem::netlink {

// The kernel numbers them. Empty: the interface has none of that family (IPv6 ends where the MTU is below 1280).
struct LinkSettings {
  std::vector<std::int32_t> ipv4;
  std::vector<std::int32_t> ipv6;
};

// A setting by its sysctl's name: "ipv4/rp_filter". None: it is not in setting_keys(), or the kernel has no such
// setting.
std::optional<std::int32_t> value_of(const LinkSettings& settings, std::string_view key);

// Its number in the kernel's messages, from 1 for IPv4 and from 0 for IPv6. Precondition: it is in setting_keys().
int number_of(std::string_view key);
std::vector<std::string_view> setting_keys();

// Of the attributes of one RTM_NEWLINK message.
LinkSettings decode_settings(base::Bytes attributes);

}  // namespace tandem::netlink
