// SPDX-License-Identifier: Apache-2.0
#include "lib/netlink/settings.h"

#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "lib/base/check.h"
#include "lib/netlink/attributes.h"

namespace tandem::netlink {
namespace {

struct Known {
  std::string_view key;
  int number;
};
constexpr std::array<Known, 31> kKnown{{
    {"ipv4/accept_local", IPV4_DEVCONF_ACCEPT_LOCAL},
    {"ipv4/accept_redirects", IPV4_DEVCONF_ACCEPT_REDIRECTS},
    {"ipv4/accept_source_route", IPV4_DEVCONF_ACCEPT_SOURCE_ROUTE},
    {"ipv4/arp_announce", IPV4_DEVCONF_ARP_ANNOUNCE},
    {"ipv4/arp_filter", IPV4_DEVCONF_ARPFILTER},
    {"ipv4/arp_ignore", IPV4_DEVCONF_ARP_IGNORE},
    {"ipv4/bc_forwarding", IPV4_DEVCONF_BC_FORWARDING},
    {"ipv4/drop_unicast_in_l2_multicast", IPV4_DEVCONF_DROP_UNICAST_IN_L2_MULTICAST},
    {"ipv4/forwarding", IPV4_DEVCONF_FORWARDING},
    {"ipv4/medium_id", IPV4_DEVCONF_MEDIUM_ID},
    {"ipv4/proxy_arp", IPV4_DEVCONF_PROXY_ARP},
    {"ipv4/proxy_arp_pvlan", IPV4_DEVCONF_PROXY_ARP_PVLAN},
    {"ipv4/route_localnet", IPV4_DEVCONF_ROUTE_LOCALNET},
    {"ipv4/rp_filter", IPV4_DEVCONF_RP_FILTER},
    {"ipv4/secure_redirects", IPV4_DEVCONF_SECURE_REDIRECTS},
    {"ipv4/send_redirects", IPV4_DEVCONF_SEND_REDIRECTS},
    {"ipv4/src_valid_mark", IPV4_DEVCONF_SRC_VMARK},
    {"ipv6/accept_dad", DEVCONF_ACCEPT_DAD},
    {"ipv6/accept_ra", DEVCONF_ACCEPT_RA},
    {"ipv6/accept_redirects", DEVCONF_ACCEPT_REDIRECTS},
    {"ipv6/accept_source_route", DEVCONF_ACCEPT_SOURCE_ROUTE},
    {"ipv6/accept_untracked_na", DEVCONF_ACCEPT_UNTRACKED_NA},
    {"ipv6/addr_gen_mode", DEVCONF_ADDR_GEN_MODE},
    {"ipv6/autoconf", DEVCONF_AUTOCONF},
    {"ipv6/disable_ipv6", DEVCONF_DISABLE_IPV6},
    {"ipv6/drop_unicast_in_l2_multicast", DEVCONF_DROP_UNICAST_IN_L2_MULTICAST},
    {"ipv6/forwarding", DEVCONF_FORWARDING},
    {"ipv6/keep_addr_on_down", DEVCONF_KEEP_ADDR_ON_DOWN},
    {"ipv6/ndisc_notify", DEVCONF_NDISC_NOTIFY},
    {"ipv6/proxy_ndp", DEVCONF_PROXY_NDP},
    {"ipv6/router_solicitations", DEVCONF_RTR_SOLICITS},
}};

constexpr std::string_view kIpv4Prefix = "ipv4/";

const Known* find(std::string_view key) {
  const auto* const found =
      std::lower_bound(kKnown.begin(), kKnown.end(), key, [](const Known& a, auto wanted) { return a.key < wanted; });
  return found != kKnown.end() && found->key == key ? found : nullptr;
}

std::vector<std::int32_t> numbers(Bytes bytes) {
  std::vector<std::int32_t> values(bytes.size() / sizeof(std::int32_t));
  if (!values.empty()) {
    std::memcpy(values.data(), bytes.data(), values.size() * sizeof(std::int32_t));
  }
  return values;
}

}  // namespace

std::vector<std::string_view> setting_keys() {
  std::vector<std::string_view> keys;
  std::transform(kKnown.begin(), kKnown.end(), std::back_inserter(keys), [](const Known& known) { return known.key; });
  return keys;
}

int number_of(std::string_view key) {
  const Known* const known = find(key);
  TANDEM_INVARIANT(known != nullptr);
  return known->number;
}

std::optional<std::int32_t> value_of(const LinkSettings& settings, std::string_view key) {
  const Known* const known = find(key);
  if (known == nullptr) {
    return std::nullopt;
  }
  const bool ipv4 = key.starts_with(kIpv4Prefix);
  const std::vector<std::int32_t>& values = ipv4 ? settings.ipv4 : settings.ipv6;
  const auto place = static_cast<std::size_t>(ipv4 ? known->number - 1 : known->number);
  return place < values.size() ? std::optional(values[place]) : std::nullopt;
}

// What is damaged is left out.
LinkSettings decode_settings(base::Bytes attributes) {
  LinkSettings settings;
  for_each_attribute(attributes, [&](int type, Bytes families) {
    if (type != IFLA_AF_SPEC) {
      return;
    }
    for_each_attribute(families, [&](int family, Bytes inner) {
      for_each_attribute(inner, [&](int kind, Bytes values) {
        if (family == AF_INET && kind == IFLA_INET_CONF) {
          settings.ipv4 = numbers(values);
        } else if (family == AF_INET6 && kind == IFLA_INET6_CONF) {
          settings.ipv6 = numbers(values);
        }
      });
    });
  });
  return settings;
}

}  // namespace tandem::netlink
