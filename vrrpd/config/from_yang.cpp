// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/config/from_yang.h"

#include <algorithm>
#include <charconv>

#include "lib/base/check.h"

namespace tandem::vrrpd::config {
namespace {

// A node of the tree that may be absent: its leaves then have the model's defaults.
class View {
 public:
  View(const cli::SchemaNode& schema, const cli::DataNode* data) : schema_(schema), data_(data) {}

  bool present() const { return data_ != nullptr; }

  View container(std::string_view name) const { return View(child_schema(name), child(name)); }
  View absent(std::string_view name) const { return View(child_schema(name), nullptr); }  // as if it were not there

  std::optional<std::string> text(std::string_view name) const {
    const cli::DataNode* leaf = child(name);
    return leaf != nullptr ? std::optional(leaf->value) : child_schema(name).default_value;
  }

  std::optional<unsigned> number(std::string_view name) const {
    const std::optional<std::string> value = text(name);
    if (!value) {
      return std::nullopt;
    }
    unsigned result = 0;
    const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), result);
    TANDEM_INVARIANT(error == std::errc{} && end == value->data() + value->size());
    return result;
  }

  std::optional<bool> boolean(std::string_view name) const {
    const std::optional<std::string> value = text(name);
    return value ? std::optional(*value == "true") : std::nullopt;
  }

  // All entries of the list or leaf-list `name`.
  template <class Use>
  void for_each(std::string_view name, Use use) const {
    if (data_ == nullptr) {
      return;
    }
    for (const cli::DataNode& node : data_->children) {
      if (node.schema->name == name) {
        use(View(*node.schema, &node));
      }
    }
  }

  const std::string& value() const { return data_->value; }

 private:
  const cli::DataNode* child(std::string_view name) const { return data_ != nullptr ? data_->child(name) : nullptr; }

  const cli::SchemaNode& child_schema(std::string_view name) const {
    const cli::SchemaNode* found = schema_.child(name);
    TANDEM_INVARIANT(found != nullptr);  // the names in this file are those of yang/
    return *found;
  }

  const cli::SchemaNode& schema_;
  const cli::DataNode* data_;
};

// ---- groups

// A group's parameter that `vrrp default` covers: the explicit value counts, even if it equals a default.
unsigned covered_number(const View& group, const View& defaults, std::string_view name) {
  const std::optional<unsigned> explicit_value = group.number(name);
  return explicit_value ? *explicit_value : defaults.number(name).value();
}

bool covered_flag(const View& group, const View& defaults, std::string_view name) {
  const std::optional<bool> explicit_value = group.boolean(name);
  return explicit_value ? *explicit_value : defaults.boolean(name).value();
}

core::ChecksumMode checksum_mode(const View& group, const View& defaults) {
  constexpr std::string_view kName = "checksum-with-ipv4-pseudoheader";
  const std::optional<bool> explicit_value = group.boolean(kName);
  const std::optional<bool> with_pseudoheader = explicit_value ? explicit_value : defaults.boolean(kName);
  if (!with_pseudoheader) {
    return core::ChecksumMode::automatic;
  }
  return *with_pseudoheader ? core::ChecksumMode::pseudoheader : core::ChecksumMode::message_only;
}

bool is_ipv6_link_local(const core::IpAddress& address) {
  return address.family() == core::Family::ipv6 && address.is_link_local();
}

// A host prefix; a link-local address needs its link's prefix, or hosts that use it get no answer.
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
  const core::Vrid vrid(group.number("vrid").value_or(1));  // what is no group yet has none
  return Group{
      .vrid = vrid,
      .version = version_of(group),
      .also_version_2 = group.boolean("also-version-2").value(),
      .priority = static_cast<std::uint8_t>(covered_number(group, defaults, "priority")),
      .advertisement_interval = base::Centiseconds(covered_number(group, defaults, "advertisement-interval")),
      .preempt = covered_flag(group, defaults, "preempt"),
      .preempt_delay = std::chrono::seconds(group.number("preempt-delay").value()),
      .accept_mode = covered_flag(group, defaults, "accept-mode"),
      .checksum = checksum_mode(group, defaults),
      .shutdown = covered_flag(group, defaults, "shutdown"),
      .description = group.text("description").value_or(""),
      .ipv4 = as_advertised(addresses_of(group.container("ipv4")), vrid),
      .ipv6 = as_advertised(addresses_of(group.container("ipv6")), vrid),
      .router_advertisement = router_advertisement_of(group.container("router-advertisement")),
  };
}

StartupDelay startup_delay_of(const View& root) {
  const View delay = root.container("vrrp").container("startup-delay");
  if (!delay.present()) {
    return {};
  }
  return {.delay = std::chrono::seconds(delay.number("seconds").value()),
          .after_boot = delay.text("counted") == "after-boot"};
}

Interface interface_of(const View& interface, const View& defaults, const StartupDelay& startup_delay) {
  Interface result;
  result.description = interface.text("description").value_or("");
  const std::string vrf = interface.text("vrf").value_or("");
  interface.container("vrrp").for_each("group", [&](const View& entry) {
    Group group = group_of(entry, defaults);
    group.vrf = vrf;
    group.startup_delay = startup_delay;
    result.groups.emplace(group.vrid, std::move(group));
  });
  return result;
}

// A group that sets nothing, as `vrrp autoconfigure` makes them.
std::optional<Group> autoconfigured_group(const View& root, const View& defaults) {
  const View autoconfigure = root.container("vrrp").container("autoconfigure");
  if (!autoconfigure.present()) {
    return std::nullopt;
  }
  Group group =
      group_of(root.absent("interfaces").container("interface").container("vrrp").container("group"), defaults);
  group.version = version_of(autoconfigure);
  group.autoconfigured = true;
  group.startup_delay = startup_delay_of(root);
  return group;
}

// ---- system

log::Level level_of(const View& destination) {
  const std::optional<log::Level> level = log::parse_level(destination.text("level").value());
  TANDEM_INVARIANT(level.has_value());
  return *level;
}

std::optional<Motd> motd_of(const View& motd) {
  if (!motd.present() || motd.text("source").value() == "default") {
    return std::nullopt;
  }
  if (motd.text("source").value() == "none") {
    return Motd{Motd::Source::none, ""};
  }
  const auto source = motd.text("source").value() == "file" ? Motd::Source::file : Motd::Source::line;
  return Motd{source, motd.text("text").value()};
}

Log log_of(const View& log) {
  Log result;
  if (const View file = log.container("file"); file.present()) {
    result.file = LogFile{file.text("name").value(), level_of(file)};
  }
  if (const View standard_output = log.container("stdout"); standard_output.present()) {
    result.standard_output = level_of(standard_output);
  }
  if (const View syslog = log.container("syslog"); syslog.present()) {
    result.syslog = level_of(syslog);
  }
  return result;
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
  const cli::DataNode& data = tree.data();
  const View root(*data.schema, &data);
  const View defaults = root.container("vrrp").container("default");

  Config config;
  config.hostname = root.text("hostname");
  config.motd = motd_of(root.container("banner").container("motd"));
  config.log = log_of(root.container("log"));
  config.autoconfigure = autoconfigured_group(root, defaults);
  config.address_lease = std::chrono::seconds(root.container("vrrp").number("address-lease").value());
  root.container("debug").for_each("vrrp", [&config](const View& topic) {
    const std::optional<DebugTopic> parsed = parse_debug_topic(topic.value());
    TANDEM_INVARIANT(parsed.has_value());
    config.debug.insert(*parsed);
  });
  const StartupDelay startup_delay = startup_delay_of(root);
  root.container("interfaces").for_each("interface", [&](const View& entry) {
    config.interfaces.emplace(entry.text("name").value(), interface_of(entry, defaults, startup_delay));
  });
  return config;
}

}  // namespace tandem::vrrpd::config
