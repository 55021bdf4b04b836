// SPDX-License-Identifier: Apache-2.0
#include <limits>
#include <utility>

#include "checkpoint.pb.h"
#include "vrrpd/checkpoint/codec.h"
#include "vrrpd/checkpoint/limits.h"
#include "vrrpd/core/limits.h"

namespace tandem::vrrpd::checkpoint {
namespace {

constexpr proto::Group::ChecksumMode number_of(core::ChecksumMode mode) {
  switch (mode) {
    case core::ChecksumMode::automatic:
      return proto::Group::AUTOMATIC;
    case core::ChecksumMode::pseudoheader:
      return proto::Group::PSEUDOHEADER_ALWAYS;
    case core::ChecksumMode::message_only:
      return proto::Group::MESSAGE_ALWAYS;
  }
  return proto::Group::AUTOMATIC;
}

core::ChecksumMode checksum_of(int number) {
  for (const core::ChecksumMode mode : {core::ChecksumMode::pseudoheader, core::ChecksumMode::message_only}) {
    if (number == number_of(mode)) {
      return mode;
    }
  }
  return core::ChecksumMode::automatic;
}

std::string bytes_of(const base::IpPrefix& prefix) {
  const base::Bytes address = prefix.address.bytes();
  std::string bytes(reinterpret_cast<const char*>(address.data()), address.size());
  bytes += static_cast<char>(prefix.length);
  return bytes;
}

// Of which family does not matter to the bytes, but it does to us.
std::vector<base::IpPrefix> prefixes_of(const google::protobuf::RepeatedPtrField<std::string>& all,
                                        core::Family family) {
  std::vector<base::IpPrefix> prefixes;
  const std::size_t size = base::IpAddress::size_of(family);
  for (const std::string& bytes : all) {
    const auto length = static_cast<std::uint8_t>(bytes.empty() ? 0 : bytes.back());
    if (bytes.size() == size + 1 && length <= base::IpAddress::width(family)) {
      prefixes.push_back(
          {base::IpAddress::from_bytes({reinterpret_cast<const std::uint8_t*>(bytes.data()), size}), length});
    }
  }
  return prefixes;
}

void write(const config::Group& group, proto::Group& message) {
  message.set_vrid(group.vrid.value());
  message.set_version(static_cast<std::uint32_t>(group.version));
  message.set_also_version_2(group.also_version_2);
  message.set_priority(group.priority);
  message.set_advertisement_interval(group.advertisement_interval.count());
  message.set_preempt(group.preempt);
  message.set_preempt_delay(group.preempt_delay.count());
  message.set_accept_mode(group.accept_mode);
  message.set_checksum(number_of(group.checksum));
  message.set_shutdown(group.shutdown);
  message.set_description(group.description);
  message.set_vrf(group.vrf);
  for (const base::IpPrefix& prefix : group.ipv4) {
    message.add_ipv4(bytes_of(prefix));
  }
  for (const base::IpPrefix& prefix : group.ipv6) {
    message.add_ipv6(bytes_of(prefix));
  }
  if (const auto& advertisement = group.router_advertisement) {
    proto::RouterAdvertisement& inner = *message.mutable_router_advertisement();
    inner.set_interval_seconds(advertisement->interval.count());
    inner.set_lifetime_seconds(advertisement->lifetime.count());
    inner.set_managed(advertisement->managed);
    inner.set_other(advertisement->other);
  }
  message.set_autoconfigured(group.autoconfigured);
  message.set_startup_delay_seconds(group.startup_delay.delay.count());
  message.set_startup_delay_after_boot(group.startup_delay.after_boot);
}

std::optional<core::Version> version_of(std::uint32_t number) {
  for (const core::Version version : {core::Version::v2, core::Version::v3}) {
    if (number == static_cast<std::uint32_t>(version)) {
      return version;
    }
  }
  return std::nullopt;
}

// The timers of the protocol, and the addresses, are within what the core and an advert can hold.
bool is_within_limits(const proto::Group& message) {
  return message.priority() >= 1 && message.priority() < packet::kPriorityOwner &&
         message.advertisement_interval() > 0 && message.advertisement_interval() <= count_of(kLongestInterval) &&
         message.preempt_delay() >= 0 && message.preempt_delay() <= count_of(kLongestDelay) &&
         message.startup_delay_seconds() >= 0 && message.startup_delay_seconds() <= kLongestStartupDelay.count() &&
         static_cast<std::size_t>(message.ipv4_size()) <= core::kMaxIpv4Addresses &&
         static_cast<std::size_t>(message.ipv6_size()) <= core::kMaxIpv6Addresses;
}

// Intervals and lifetimes have 16 bits in an RFC 4861 message or less.
bool is_within_limits(const proto::RouterAdvertisement& message) {
  constexpr std::int64_t kMost = std::numeric_limits<std::uint16_t>::max();
  return message.interval_seconds() > 0 && message.interval_seconds() <= kMost && message.lifetime_seconds() >= 0 &&
         message.lifetime_seconds() <= kMost;
}

std::optional<config::Group> group_of(const proto::Group& message) {
  const auto vrid = core::Vrid::from(message.vrid());
  const auto version = version_of(message.version());
  if (!vrid || !version || !is_within_limits(message)) {
    return std::nullopt;
  }
  config::Group group{.vrid = *vrid,
                      .version = *version,
                      .also_version_2 = message.also_version_2(),
                      .priority = static_cast<std::uint8_t>(message.priority()),
                      .advertisement_interval = core::Duration(message.advertisement_interval()),
                      .preempt = message.preempt(),
                      .preempt_delay = core::Duration(message.preempt_delay()),
                      .accept_mode = message.accept_mode(),
                      .checksum = checksum_of(message.checksum()),
                      .shutdown = message.shutdown(),
                      .description = message.description(),
                      .ipv4 = prefixes_of(message.ipv4(), core::Family::ipv4),
                      .ipv6 = prefixes_of(message.ipv6(), core::Family::ipv6),
                      .vrf = message.vrf(),
                      .autoconfigured = message.autoconfigured(),
                      .startup_delay = {.delay = std::chrono::seconds(message.startup_delay_seconds()),
                                        .after_boot = message.startup_delay_after_boot()}};
  if (message.has_router_advertisement() && is_within_limits(message.router_advertisement())) {
    const proto::RouterAdvertisement& inner = message.router_advertisement();
    group.router_advertisement = config::RouterAdvertisement{.interval = std::chrono::seconds(inner.interval_seconds()),
                                                             .lifetime = std::chrono::seconds(inner.lifetime_seconds()),
                                                             .managed = inner.managed(),
                                                             .other = inner.other()};
  }
  return group;
}

}  // namespace

std::string encode(const config::Config& configuration) {
  proto::Configuration message;
  message.set_present(true);
  message.set_address_lease_seconds(configuration.address_lease.count());
  for (const auto& [name, interface] : configuration.interfaces) {
    proto::Interface& each = *message.add_interfaces();
    each.set_name(name);
    each.set_description(interface.description);
    for (const auto& [vrid, group] : interface.groups) {
      write(group, *each.add_groups());
    }
  }
  return message.SerializeAsString();
}

std::optional<config::Config> decode_configuration(Bytes bytes) {
  proto::Configuration message;
  if (bytes.empty() || !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return std::nullopt;
  }
  if (message.address_lease_seconds() < 0 || message.address_lease_seconds() > kLongestLease.count()) {
    return std::nullopt;
  }
  config::Config configuration;
  configuration.address_lease = std::chrono::seconds(message.address_lease_seconds());
  for (const proto::Interface& each : message.interfaces()) {
    config::Interface& interface = configuration.interfaces[each.name()];
    interface.description = each.description();
    for (const proto::Group& inner : each.groups()) {
      if (auto group = group_of(inner)) {
        interface.groups.insert_or_assign(group->vrid, std::move(*group));
      }
    }
  }
  return configuration;
}

}  // namespace tandem::vrrpd::checkpoint
