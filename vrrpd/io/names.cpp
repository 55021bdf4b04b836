// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/names.h"

#include <fmt/format.h>
#include <net/if.h>

namespace tandem::vrrpd::io {
namespace {

// "VR" in the upper half: link groups are numbers without a registry, and small ones are what people use.
constexpr std::uint32_t kLinkGroupBase = 0x56520000;
constexpr std::uint32_t kGroupsPerInstance = 3;

// FNV-1a with 32 bits: the same everywhere and for ever, as no std::hash promises.
std::uint32_t checksum_of(std::string_view text) {
  std::uint32_t hash = 2166136261;
  for (const char letter : text) {
    hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619U;
  }
  return hash;
}

}  // namespace

LinkGroups link_groups(std::string_view instance) {
  const std::uint32_t hash = checksum_of(instance);
  const std::uint32_t number = instance.empty() ? 0 : 1 + (hash ^ (hash >> 16)) % (0xffff / kGroupsPerInstance - 1);
  const std::uint32_t first = kLinkGroupBase + kGroupsPerInstance * number;
  return {.live = first, .pending_deletion = first + 1, .deleting = first + 2};
}

bool is_tandem_group(std::uint32_t group) { return (group & 0xffff0000U) == kLinkGroupBase; }

bool is_of_another_instance(std::uint32_t group, const LinkGroups& ours) {
  return is_tandem_group(group) && !ours.contains(group);
}

std::uint32_t live_group_of(std::uint32_t group) { return group - (group - kLinkGroupBase) % kGroupsPerInstance; }

std::string device_name(std::string_view parent, core::Vrid vrid, core::Family family) {
  const int version = family == core::Family::ipv4 ? 4 : 6;
  std::string name = fmt::format("vrrp{}-{}-{}", version, parent, vrid.value());
  if (name.size() >= IFNAMSIZ) {
    name = fmt::format("v{}-{}-{}", version, parent, vrid.value());
  }
  return name.size() < IFNAMSIZ ? name : fmt::format("v{}-{:08x}-{}", version, checksum_of(parent), vrid.value());
}

std::string device_name_by_index(base::IfIndex parent, core::Vrid vrid, core::Family family) {
  const int version = family == core::Family::ipv4 ? 4 : 6;
  std::string name = fmt::format("vrrp{}-{}-{}", version, base::to_number(parent), vrid.value());
  if (name.size() >= IFNAMSIZ) {
    name = fmt::format("v{}-{:x}-{:02x}", version, base::to_number(parent), vrid.value());
  }
  return name;
}

std::vector<std::string> words_for_parent(std::string_view name, base::IfIndex index) {
  return {std::string(name), fmt::format("{:08x}", checksum_of(name)), fmt::format("{}", base::to_number(index)),
          fmt::format("{:x}", base::to_number(index))};
}

std::string_view word_for_parent(std::string_view device) {
  const std::size_t first = device.find('-');
  const std::size_t last = device.rfind('-');
  return first == last ? std::string_view() : device.substr(first + 1, last - first - 1);
}

}  // namespace tandem::vrrpd::io
