// SPDX-License-Identifier: Apache-2.0
// Builds rtnetlink requests: pure values, sent by RequestSocket.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/netlink/messages.h"

namespace tandem::netlink {

// One request in the kernel's format, acknowledgement asked for; the socket fills in the sequence number.
struct Request {
  std::vector<std::uint8_t> bytes;
};

// A macvlan that is down. (Per-family options are refused at creation with EAFNOSUPPORT: see set_link_options.)
struct NewMacvlan {
  std::string name;
  base::IfIndex parent;
  base::MacAddress mac;
  MacvlanMode mode;
  std::uint32_t group;
  base::IfIndex vrf = base::kNoInterface;  // that it becomes a port of
};
Request create_macvlan(const NewMacvlan& macvlan);

struct Setting {
  std::string_view key;  // the sysctl's: "ipv4/rp_filter"
  std::int32_t value;
};
// Sets IPv4 settings of a link and turns the generation of link-local IPv6 addresses off (R91): one message for what
// else are several sysctls. Precondition: the keys are of IPv4 and in setting_keys().
Request set_link_options(base::IfIndex index, std::span<const Setting> settings);

enum class AdminState { down, up };
Request set_admin_state(base::IfIndex index, AdminState state);
// Of a link that is up: the carrier comes back when a worker of the kernel has its turn. Of one that is down: the
// kernel reports nothing.
enum class Protodown { off, on };
Request set_protodown(base::IfIndex index, Protodown protodown);
Request set_mtu(base::IfIndex index, std::uint32_t mtu);
Request set_macvlan_mode(base::IfIndex index, MacvlanMode mode);
Request set_group(base::IfIndex index, std::uint32_t group);
Request set_vrf(base::IfIndex index, base::IfIndex vrf);            // kNoInterface: out of the one it is in
Request rename_link(base::IfIndex index, const std::string& name);  // the link has to be down
Request delete_link(base::IfIndex index);
Request delete_link_group(std::uint32_t group);  // every link of the group, at the price of about one

// Adds, or gives one that is there another lifetime, after which the kernel removes it (none: it stays). IPv6: without
// duplicate address detection, which the protocol replaces (conformance R94).
Request add_address(base::IfIndex index, const base::IpPrefix& prefix, std::optional<std::chrono::seconds> lifetime);
Request delete_address(base::IfIndex index, const base::IpPrefix& prefix);

// What `index` knows of the neighbour with this address (its ARP or ND cache); ENOENT: nothing.
Request delete_neighbour(base::IfIndex index, const base::IpAddress& address);

Request dump_links();
Request dump_addresses();  // both families

}  // namespace tandem::netlink
