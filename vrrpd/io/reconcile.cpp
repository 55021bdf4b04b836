// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/reconcile.h"

#include <net/if.h>

#include <algorithm>

namespace tandem::vrrpd::io {
namespace {

using base::IfIndex;

// "VR" in the upper half: link groups are numbers that nobody registers, and small ones are what people use.
constexpr std::uint32_t kLinkGroupBase = 0x56520000;

bool is_ours(const netlink::Link& link, const LinkGroups& groups) {
  return link.group == groups.live || link.group == groups.graveyard;
}

bool has_ipv6_address(const Interface& device) {
  return std::any_of(device.addresses.begin(), device.addresses.end(), [](const netlink::Address& address) {
    return address.prefix.address.family() == base::Family::ipv6;
  });
}

Original original_of(const Interface& device) {
  Original original{.name = device.link.name,
                    .mode = device.link.macvlan ? device.link.macvlan->mode : netlink::MacvlanMode::bridge,
                    .state = device.link.admin_up ? netlink::AdminState::up : netlink::AdminState::down,
                    .addresses = {}};
  for (const netlink::Address& address : device.addresses) {
    original.addresses.push_back(address.prefix);
  }
  return original;
}

// Plans for one device after the other; the operations are put in order at the end.
class Planner {
 public:
  Planner(const InterfaceTable& table, const Memory& memory) : table_(table), memory_(memory) {}

  void plan(const DesiredDevice& desired);
  void give_up_unwanted();
  void care_for_parents();
  Plan finish();

 private:
  // Whether IPv6 of a macvlan stays on: what remains of its addresses has to be removed one by one then.
  enum class Keep { ipv6, nothing };

  void create(const DesiredDevice& desired, IfIndex parent);
  void take_over(const Interface& device, core::Family family);
  void silence(const Interface& device);
  void claim(const Interface& device, const DesiredDevice& desired);
  void remove_others(const Interface& device, std::span<const base::IpPrefix> wanted, Keep keep);
  void add(Operation operation) { plan_.operations.push_back(std::move(operation)); }

  const InterfaceTable& table_;
  const Memory& memory_;
  Plan plan_;
  std::set<IfIndex> wanted_;
  std::set<IfIndex> parents_;  // with an IPv4 router
};

void Planner::plan(const DesiredDevice& desired) {
  const Interface* const parent = table_.find(desired.interface);
  if (parent == nullptr) {
    return;
  }
  if (!parent->link.ethernet) {
    plan_.problems.push_back({Problem::Kind::not_ethernet, desired.interface, desired.vrid, {}});
    return;
  }
  if (desired.family == core::Family::ipv4) {
    parents_.insert(parent->link.index);
  }
  const Interface* const device = table_.macvlan(parent->link.index, packet::virtual_mac(desired.vrid, desired.family));
  if (device == nullptr) {
    create(desired, parent->link.index);
    return;
  }
  wanted_.insert(device->link.index);
  take_over(*device, desired.family);
  if (desired.claimed) {
    claim(*device, desired);
  } else {
    silence(*device);
  }
}

void Planner::create(const DesiredDevice& desired, IfIndex parent) {
  const std::string name = device_name(parent, desired.vrid, desired.family);
  const Interface* const holder = table_.find(name);
  if (holder == nullptr) {
    add(CreateDevice{{.name = name,
                      .parent = parent,
                      .mac = packet::virtual_mac(desired.vrid, desired.family),
                      .mode = netlink::MacvlanMode::bridge,
                      .group = memory_.groups.live}});
  } else if (!is_ours(holder->link, memory_.groups)) {
    plan_.problems.push_back({Problem::Kind::name_taken, desired.interface, desired.vrid, name});
  }
  // One of ours with another MAC address or parent is given up, and its removal leads here again.
}

// Makes a macvlan that exists ours to use: deaf, in mode bridge and up.
void Planner::take_over(const Interface& device, core::Family family) {
  const IfIndex index = device.link.index;
  if (!is_ours(device.link, memory_.groups) && !memory_.adopted.contains(index)) {
    add(AdoptDevice{index, original_of(device)});
  }
  if (device.link.group == memory_.groups.graveyard) {
    add(SetGroup{index, memory_.groups.live});
  }
  if (!memory_.prepared.contains(index)) {
    add(PrepareDevice{index, family});
  }
  if (device.link.macvlan->mode != netlink::MacvlanMode::bridge) {
    add(SetMode{index, netlink::MacvlanMode::bridge});
  }
  if (!device.link.admin_up) {
    add(SetLinkUp{index});
  }
}

// No address of any family; IPv6 off as one step, which cancels the MLD leave that single removals would send
// (design.md §5).
void Planner::silence(const Interface& device) {
  const auto prepared = memory_.prepared.find(device.link.index);
  const bool on = prepared != memory_.prepared.end() && prepared->second == Memory::Ipv6::on;
  if (on || has_ipv6_address(device)) {
    add(DisableIpv6{device.link.index});
  }
  remove_others(device, {}, Keep::nothing);
}

void Planner::claim(const Interface& device, const DesiredDevice& desired) {
  const auto prepared = memory_.prepared.find(device.link.index);
  const bool on = prepared != memory_.prepared.end() && prepared->second == Memory::Ipv6::on;
  std::vector<base::IpPrefix> missing;
  for (const base::IpPrefix& prefix : desired.addresses) {
    if (std::none_of(device.addresses.begin(), device.addresses.end(),
                     [&](const netlink::Address& address) { return address.prefix == prefix; })) {
      missing.push_back(prefix);
    }
  }
  // Somebody may have switched IPv6 off, which shows in the missing addresses only.
  if (desired.family == core::Family::ipv6 && (!on || !missing.empty())) {
    add(EnableIpv6{device.link.index});
  }
  remove_others(device, desired.addresses, Keep::ipv6);
  for (const base::IpPrefix& prefix : missing) {
    add(AddAddress{device.link.index, prefix});
  }
}

void Planner::remove_others(const Interface& device, std::span<const base::IpPrefix> wanted, Keep keep) {
  for (const netlink::Address& address : device.addresses) {
    const bool goes_with_ipv6 = keep == Keep::nothing && address.prefix.address.family() == base::Family::ipv6;
    if (!goes_with_ipv6 && std::find(wanted.begin(), wanted.end(), address.prefix) == wanted.end()) {
      add(RemoveAddress{device.link.index, address.prefix});
    }
  }
}

void Planner::give_up_unwanted() {
  bool graveyard = false;
  for (const auto& [index, interface] : table_.all()) {
    if (wanted_.contains(index)) {
      continue;
    }
    if (memory_.adopted.contains(index)) {
      silence(interface);
      add(ReturnDevice{index});
    } else if (interface.link.group == memory_.groups.live) {
      silence(interface);
      add(SetGroup{index, memory_.groups.graveyard});
      graveyard = true;
    } else if (interface.link.group == memory_.groups.graveyard) {
      graveyard = true;
    }
  }
  if (graveyard) {
    add(EmptyGraveyard{});
  }
}

void Planner::care_for_parents() {
  for (const IfIndex index : parents_) {
    if (!memory_.guarded.contains(index)) {
      add(GuardParent{index});
    }
  }
  std::set<IfIndex> guarded = memory_.guarded;
  guarded.insert(memory_.left_guarded.begin(), memory_.left_guarded.end());
  for (const IfIndex index : guarded) {
    if (!parents_.contains(index)) {
      add(ReleaseParent{index});
    }
  }
}

Plan Planner::finish() {
  // The order of the variant's alternatives is the order of execution; within one the routers keep theirs.
  std::stable_sort(plan_.operations.begin(), plan_.operations.end(),
                   [](const Operation& a, const Operation& b) { return a.index() < b.index(); });
  return std::move(plan_);
}

}  // namespace

LinkGroups link_groups(std::string_view instance) {
  std::uint32_t hash = 2166136261;  // FNV-1a; the default instance has a fixed number that can be looked for
  for (const char c : instance) {
    hash = (hash ^ static_cast<std::uint8_t>(c)) * 16777619;
  }
  const std::uint32_t number = instance.empty() ? 0 : 1 + (hash ^ (hash >> 16)) % 0x7fff;
  return {.live = kLinkGroupBase + 2 * number, .graveyard = kLinkGroupBase + 2 * number + 1};
}

std::string device_name(base::IfIndex parent, core::Vrid vrid, core::Family family) {
  const int version = family == core::Family::ipv4 ? 4 : 6;
  std::string name = fmt::format("vrrp{}-{}-{}", version, base::to_number(parent), vrid.value());
  if (name.size() >= IFNAMSIZ) {
    name = fmt::format("v{}-{:x}-{:02x}", version, base::to_number(parent), vrid.value());
  }
  return name;
}

void Memory::note(const Operation& done) {
  if (const auto* adopt = std::get_if<AdoptDevice>(&done)) {
    adopted.emplace(adopt->index, adopt->original);  // never replaces one remembered from before a crash
  } else if (const auto* prepare = std::get_if<PrepareDevice>(&done)) {
    prepared[prepare->index] = Ipv6::off;
  } else if (const auto* disable = std::get_if<DisableIpv6>(&done)) {
    if (prepared.contains(disable->index)) {
      prepared[disable->index] = Ipv6::off;
    }
  } else if (const auto* enable = std::get_if<EnableIpv6>(&done)) {
    prepared[enable->index] = Ipv6::on;
  } else if (const auto* returned = std::get_if<ReturnDevice>(&done)) {
    adopted.erase(returned->index);
    prepared.erase(returned->index);
  } else if (const auto* group = std::get_if<SetGroup>(&done)) {
    if (group->group == groups.graveyard) {
      prepared.erase(group->index);
    }
  } else if (const auto* guard = std::get_if<GuardParent>(&done)) {
    guarded.insert(guard->index);
    left_guarded.erase(guard->index);
  } else if (const auto* release = std::get_if<ReleaseParent>(&done)) {
    guarded.erase(release->index);
    left_guarded.erase(release->index);
  }
}

void Memory::forget(base::IfIndex index) {
  prepared.erase(index);
  adopted.erase(index);
  guarded.erase(index);
  left_guarded.erase(index);
}

Plan plan_routers(std::span<const DesiredDevice* const> desired, const InterfaceTable& table, const Memory& memory) {
  Planner planner(table, memory);
  for (const DesiredDevice* one : desired) {
    planner.plan(*one);
  }
  return planner.finish();
}

Plan plan_all(std::span<const DesiredDevice* const> desired, const InterfaceTable& table, const Memory& memory) {
  Planner planner(table, memory);
  for (const DesiredDevice* one : desired) {
    planner.plan(*one);
  }
  planner.give_up_unwanted();
  planner.care_for_parents();
  return planner.finish();
}

}  // namespace tandem::vrrpd::io
