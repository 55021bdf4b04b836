// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/config/from_yang.h"

#include <algorithm>

#include "lib/base/check.h"
#include "lib/config/tree_view.h"

namespace tandem::vrrpd::config {
namespace {

using View = tandem::config::TreeView;

// ---- groups

// The node that has the value of a leaf: the group if it sets the leaf, even to the default; otherwise `vrrp default`,
// if that covers the leaf.
const View& source_of(const View& group, const View& defaults, std::string_view leaf) {
  return group.text(leaf) || !defaults.knows(leaf) ? group : defaults;
}

void read_leaf(const View& source, std::string_view leaf, bool& value) { value = source.boolean(leaf).value(); }
void read_leaf(const View& source, std::string_view leaf, std::uint8_t& value) {
  value = static_cast<std::uint8_t>(source.number(leaf).value());
}
void read_leaf(const View& source, std::string_view leaf, std::string& value) {
  value = source.text(leaf).value_or("");
}

// Booleans, small numbers and texts whose field has the name of the leaf need no further code here.
void read_leaves(const View& group, const View& defaults, Group& made) {
  base::for_each_field(made, [&](const base::FieldInfo& field, auto& value) {
    if constexpr (requires { read_leaf(group, field.name, value); }) {
      if (group.knows(field.name)) {
        read_leaf(source_of(group, defaults, field.name), field.name, value);
      }
    }
  });
}

core::ChecksumMode checksum_mode(const View& group, const View& defaults) {
  constexpr std::string_view kName = "checksum-with-ipv4-pseudoheader";
  const std::optional<bool> with_pseudoheader = source_of(group, defaults, kName).boolean(kName);
  if (!with_pseudoheader) {
    return core::ChecksumMode::automatic;
  }
  return *with_pseudoheader ? core::ChecksumMode::pseudoheader : core::ChecksumMode::message_only;
}

bool is_ipv6_link_local(const core::IpAddress& address) {
  return address.family() == core::Family::ipv6 && address.is_link_local();
}

// A host prefix. A link-local address gets its link's prefix, without which hosts that use it get no answer.
std::uint8_t default_length(const core::IpAddress& address) {
  return is_ipv6_link_local(address) ? 64 : core::IpAddress::width(address.family());
}

std::vector<base::IpPrefix> addresses_of(const View& family) {
  std::vector<base::IpPrefix> addresses;
  family.for_each("address", [&addresses](const View& entry) {
    const std::optional<core::IpAddress> address = core::IpAddress::parse(entry.text("ip").value());
    TANDEM_INVARIANT(address.has_value());
    const unsigned length = entry.number("prefix-length").value_or(default_length(*address));
    addresses.push_back({*address, static_cast<std::uint8_t>(length)});
  });
  return addresses;
}

std::optional<RouterAdvertisement> router_advertisement_of(const View& container) {
  if (!container.present()) {
    return std::nullopt;
  }
  return RouterAdvertisement{.interval = std::chrono::seconds(container.number("interval").value()),
                             .lifetime = std::chrono::seconds(container.number("lifetime").value()),
                             .managed = container.boolean("managed-config-flag").value(),
                             .other = container.boolean("other-config-flag").value()};
}

core::Version version_of(const View& node) {
  return node.number("version").value() == 2 ? core::Version::v2 : core::Version::v3;
}

Group group_of(const View& group, const View& defaults) {
  const core::Vrid vrid(group.number("vrid").value_or(1));  // a node that is not a group yet has no VRID
  constexpr std::string_view kInterval = "advertisement-interval";
  auto made = base::blank<Group>();
  read_leaves(group, defaults, made);
  made.vrid = vrid;
  made.version = version_of(group);
  made.also_version_2 = group.boolean("also-version-2").value();
  made.advertisement_interval = base::Centiseconds(source_of(group, defaults, kInterval).number(kInterval).value());
  made.preempt_delay = std::chrono::seconds(group.number("preempt-delay").value());
  made.checksum = checksum_mode(group, defaults);
  made.ipv4 = as_advertised(addresses_of(group.container("ipv4")), vrid);
  made.ipv6 = as_advertised(addresses_of(group.container("ipv6")), vrid);
  made.router_advertisement = router_advertisement_of(group.container("router-advertisement"));
  return made;
}

StartupDelay startup_delay_in(const View& root) {
  const View delay = root.container("vrrp").container("startup-delay");
  if (!delay.present()) {
    return {};
  }
  return {.delay = std::chrono::seconds(delay.number("seconds").value()),
          .after_boot = delay.text("counted") == "after-boot"};
}

void set_startup_delay(Group& group, const StartupDelay& startup_delay) {
  group.startup_delay = startup_delay.delay;
  group.delay_after_boot = startup_delay.after_boot;
}

Interface interface_of(const View& interface, const View& defaults, const StartupDelay& startup_delay) {
  Interface result;
  result.description = interface.text("description").value_or("");
  const std::string vrf = interface.text("vrf").value_or("");
  interface.container("vrrp").for_each("group", [&](const View& entry) {
    Group group = group_of(entry, defaults);
    group.vrf = vrf;
    set_startup_delay(group, startup_delay);
    result.groups.emplace(group.vrid, std::move(group));
  });
  return result;
}

// The configuration of a group without settings, which `vrrp autoconfigure` uses.
std::optional<Group> autoconfigured_group(const View& root, const View& defaults) {
  const View autoconfigure = root.container("vrrp").container("autoconfigure");
  if (!autoconfigure.present()) {
    return std::nullopt;
  }
  Group group =
      group_of(root.absent("interfaces").container("interface").container("vrrp").container("group"), defaults);
  group.version = version_of(autoconfigure);
  group.autoconfigured = true;
  set_startup_delay(group, startup_delay_in(root));
  return group;
}

}  // namespace

// IPv6 link-local first (R15), then ascending (R16).
std::vector<base::IpPrefix> as_advertised(std::vector<base::IpPrefix> addresses, core::Vrid vrid) {
  std::ranges::sort(addresses, {}, [](const base::IpPrefix& prefix) {
    return std::pair(!is_ipv6_link_local(prefix.address), prefix.address);
  });
  const bool ipv6 = !addresses.empty() && addresses.front().address.family() == core::Family::ipv6;
  if (ipv6 && !is_ipv6_link_local(addresses.front().address)) {
    const core::IpAddress generated = generated_link_local(vrid);
    addresses.insert(addresses.begin(), {generated, default_length(generated)});
  }
  return addresses;
}

core::IpAddress generated_link_local(core::Vrid vrid) {
  const std::array<std::uint8_t, 16> bytes{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x5e, 0x00, 0x02, vrid.value()};
  return core::IpAddress::from_bytes(bytes);
}

const std::vector<std::string>& yang_modules() {
  static const std::vector<std::string> kModules{"tandem-cli", "tandem-system", "tandem-vrrp", "tandem-interfaces"};
  return kModules;
}

Config from_yang(const yang::Tree& tree) {
  const View root(tree.data());
  const View defaults = root.container("vrrp").container("default");

  Config config;
  config.system = tandem::config::system_from_yang(tree);
  config.autoconfigure = autoconfigured_group(root, defaults);
  config.address_lease = std::chrono::seconds(root.container("vrrp").number("address-lease").value());
  root.container("debug").for_each("vrrp", [&config](const View& topic) {
    const std::optional<DebugTopic> parsed = parse_debug_topic(topic.value());
    TANDEM_INVARIANT(parsed.has_value());
    config.debug.insert(*parsed);
  });
  const StartupDelay startup_delay = startup_delay_in(root);
  root.container("interfaces").for_each("interface", [&](const View& entry) {
    config.interfaces.emplace(entry.text("name").value(), interface_of(entry, defaults, startup_delay));
  });
  return config;
}

}  // namespace tandem::vrrpd::config
