// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/reconcile.h"

#include <algorithm>

#include "vrrpd/io/limits.h"

namespace tandem::vrrpd::io {
namespace {

using base::IfIndex;
using Prefixes = std::vector<base::IpPrefix>;  // sorted

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

Prefixes sorted(Prefixes prefixes) {
  std::sort(prefixes.begin(), prefixes.end());
  return prefixes;
}

bool contains(const Prefixes& prefixes, const base::IpPrefix& prefix) {
  return std::binary_search(prefixes.begin(), prefixes.end(), prefix);
}

bool ipv6_is_on(const Interface& device, const KernelState& kernel_state) {
  const auto prepared = kernel_state.prepared.find(device.link.index);
  return prepared != kernel_state.prepared.end() && prepared->second == KernelState::Ipv6::on;
}

// No address of any family; IPv6 off as one step, which cancels the MLD leave that single removals would send
// (decision 0001).
void silence(const Interface& device, const KernelState& kernel_state, std::vector<Operation>& operations) {
  if (ipv6_is_on(device, kernel_state) || has_ipv6_address(device)) {
    operations.emplace_back(DisableIpv6{device.link.index});
  }
  for (const netlink::Address& address : device.addresses) {
    if (address.prefix.address.family() == base::Family::ipv4) {
      operations.emplace_back(RemoveAddress{device.link.index, address.prefix});
    }
  }
}

// Why no host on the interface's networks can have the address; empty: one can, or it is in none of them. An address
// that is special in one network may be like any other in a wider one.
std::string reserved_on(const Interface& parent, const base::IpAddress& address) {
  std::string reason;
  for (const netlink::Address& own : parent.addresses) {
    if (!own.prefix.contains(address)) {
      continue;
    }
    const std::string_view reserved = base::reserved_as({address, own.prefix.length});
    if (reserved.empty()) {
      return {};
    }
    reason =
        fmt::format("{} is {} ({} has {})", address.to_string(), reserved, parent.link.name, own.prefix.to_string());
  }
  return reason;
}

// Why the kernel takes no macvlan on an interface; empty: it does, as far as is known.
std::string unfit(const netlink::Link& parent, const InterfaceTable& table) {
  if (!parent.ethernet) {
    return fmt::format("{} is not an Ethernet interface", parent.name);
  }
  if (parent.port) {
    const Interface* const device = table.find(parent.port->device);
    const std::string name = device == nullptr ? std::string() : " " + device->link.name;
    return fmt::format("{} is a port of {}{}, which takes its frames: configure the group there", parent.name,
                       parent.port->kind.empty() ? "another interface" : parent.port->kind, name);
  }
  return {};
}

// In mode bridge the kernel takes adverts of peers that come in, with the address of our macvlan as source, for our
// own, which macvlans in that mode have seen on their way out: a parent that is one of them would not hear them.
netlink::MacvlanMode mode_on(const Interface& parent) {
  return parent.link.macvlan ? netlink::MacvlanMode::vepa : netlink::MacvlanMode::bridge;
}

// Plans for one virtual router, on whatever Ethernet interface (X5: a bridge or VLAN is one). With the addresses on a
// macvlan of the virtual MAC the kernel does the rest for a Master: it answers, joins, accepts and forwards (R51, R53,
// R56, R57, R88, R90) and redirects no host under another name (R89); without them it does nothing for a Backup
// (R39-R43), and that is all there is to leaving (R69).
class Planner {
 public:
  Planner(const DesiredDevice& desired, const InterfaceTable& table, const KernelState& kernel_state, Lease lease)
      : desired_(desired), table_(table), kernel_state_(kernel_state), lease_(lease) {}

  RouterPlan run();

 private:
  void find_servable(const Interface& parent, const Interface* device);
  bool is_served(const Interface& device);
  void create(const Interface& parent);
  void take_over(const Interface& device, const Interface& parent);
  bool follow_mtu(const Interface& device, const Interface& parent);
  void raise(const Interface& device);
  void claim(const Interface& device);
  void hold_down(const Interface& device);
  bool is_followed(const Interface& device, const base::IpPrefix& prefix) const;
  void add(Operation operation) { plan_.operations.push_back(std::move(operation)); }
  void refuse(std::string reason) {
    plan_.verdict = RouterPlan::Verdict::refused;
    plan_.reason = std::move(reason);
  }

  const DesiredDevice& desired_;
  const InterfaceTable& table_;
  const KernelState& kernel_state_;
  Lease lease_;
  RouterPlan plan_;
  Prefixes servable_{};
  bool ipv6_goes_ = false;  // all IPv6 addresses of the macvlan, with a change of its VRF
};

RouterPlan Planner::run() {
  const Interface* const parent = table_.find(desired_.interface);
  if (parent == nullptr) {
    plan_.verdict = RouterPlan::Verdict::no_parent;
    return std::move(plan_);
  }
  const base::MacAddress mac = packet::virtual_mac(desired_.vrid, desired_.family);
  const Interface* const device = table_.macvlan(parent->link.index, mac);
  if (device == nullptr && desired_.macvlan == DesiredDevice::Macvlan::followed) {
    plan_.verdict = RouterPlan::Verdict::no_macvlan;
    return std::move(plan_);
  }
  if (device != nullptr && is_served(*device)) {
    return std::move(plan_);
  }
  if (std::string why = device == nullptr ? unfit(parent->link, table_) : std::string(); !why.empty()) {
    refuse(std::move(why));
    return std::move(plan_);
  }
  find_servable(*parent, device);
  const auto& guarded = desired_.family == core::Family::ipv4 ? kernel_state_.guarded : kernel_state_.guarded_ipv6;
  if (!guarded.contains(parent->link.index)) {
    add(GuardParent{parent->link.index, desired_.family});
  }
  if (device == nullptr) {
    create(*parent);
    return std::move(plan_);
  }
  take_over(*device, *parent);
  if (desired_.claimed) {
    raise(*device);
    claim(*device);
  } else {
    silence(*device, kernel_state_, plan_.operations);
    hold_down(*device);
  }
  return std::move(plan_);
}

// Which addresses the kernel can have. The interface may get the network of an address that is held already: then that
// stays.
void Planner::find_servable(const Interface& parent, const Interface* device) {
  const std::uint32_t mtu = parent.link.mtu;
  if (mtu != 0 && desired_.advert_size > mtu) {
    plan_.reason = fmt::format("its adverts are {} bytes long, the MTU of {} is {}: fewer addresses or a larger MTU",
                               desired_.advert_size, parent.link.name, mtu);
    plan_.serves_none = true;
    return;
  }
  for (const base::IpPrefix& wanted : desired_.addresses) {
    const bool held = desired_.claimed && device != nullptr &&
                      std::any_of(device->addresses.begin(), device->addresses.end(),
                                  [&](const auto& address) { return address.prefix == wanted; });
    std::string reserved = held ? std::string() : reserved_on(parent, wanted.address);
    if (reserved.empty()) {
      servable_.push_back(wanted);
    } else if (plan_.reason.empty()) {
      plan_.reason = std::move(reserved);
    }
  }
  plan_.serves_none = servable_.empty() && !desired_.addresses.empty();
}

// Two instances with one group would take its macvlan and its addresses from each other. What an instance has left that
// does not run any more is like any other macvlan; while that is not known it is left alone.
bool Planner::is_served(const Interface& device) {
  const netlink::Link& link = device.link;
  if (kernel_state_.is_ours(link) || kernel_state_.adopted.contains(link.index) || !is_tandem_group(link.group)) {
    return false;
  }
  const std::uint32_t group = live_group_of(link.group);
  if (const auto server = kernel_state_.instances.find(group); server != kernel_state_.instances.end()) {
    const std::string name = server->second.empty() ? "without -N" : "instance " + server->second;
    refuse(fmt::format("it is served by another vrrpd ({}): {} is its macvlan", name, link.name));
    plan_.lasting = true;
    return true;
  }
  if (kernel_state_.abandoned.contains(group)) {
    return false;
  }
  plan_.verdict = RouterPlan::Verdict::blocked;
  plan_.reason = fmt::format("{} is a macvlan of another vrrpd, which may be starting", link.name);
  return true;
}

void Planner::create(const Interface& parent) {
  std::string name = device_name(parent.link.name, desired_.vrid, desired_.family);
  const Interface* holder = table_.find(name);
  if (holder != nullptr && kernel_state_.is_ours(holder->link) && table_.parent_of(holder->link) != parent.link.index) {
    name = device_name_by_index(parent.link.index, desired_.vrid, desired_.family);
    holder = table_.find(name);
  }
  if (holder == nullptr) {
    add(CreateDevice{{.name = name,
                      .parent = parent.link.index,
                      .mac = packet::virtual_mac(desired_.vrid, desired_.family),
                      .mode = mode_on(parent),
                      .group = kernel_state_.groups.live,
                      .vrf = parent.link.vrf}});
  } else if (kernel_state_.is_ours(holder->link)) {
    // It has another MAC address or parent and is given up; its removal leads here again.
    plan_.verdict = RouterPlan::Verdict::blocked;
    plan_.operations.clear();
    plan_.reason = fmt::format("{} is in the way and is being removed", name);
  } else {
    refuse(fmt::format("cannot create interface {}: another interface has that name", name));
  }
}

// Makes a macvlan that exists ours to use: deaf and in the right mode. What another instance has left is ours from now
// on: the other one sees that when it is started again.
void Planner::take_over(const Interface& device, const Interface& parent) {
  const IfIndex index = device.link.index;
  const bool adopted = kernel_state_.adopted.contains(index);
  const bool theirs = !kernel_state_.is_ours(device.link) && is_tandem_group(device.link.group);
  if (kernel_state_.awaits_deletion(device.link) || (theirs && !adopted)) {
    add(SetGroup{index, kernel_state_.groups.live});
  } else if (!kernel_state_.is_ours(device.link) && !adopted) {
    add(AdoptDevice{index, original_of(device)});
  }
  const bool ipv6_comes_back = follow_mtu(device, parent);
  if (!kernel_state_.prepared.contains(index) || ipv6_comes_back) {
    add(PrepareDevice{index, desired_.family});
  } else if (const auto deviating = kernel_state_.deviating.find(index); deviating != kernel_state_.deviating.end()) {
    add(HealSettings{index, deviating->second});
  }
  // What is sent to the virtual MAC address is forwarded by the VRF's routes. Who made a macvlan has put it where it
  // is.
  if (kernel_state_.is_ours(device.link) && device.link.vrf != parent.link.vrf) {
    add(SetVrf{index, parent.link.vrf});
    ipv6_goes_ = true;
  }
  if (device.link.macvlan->mode != mode_on(parent)) {
    add(SetMode{index, mode_on(parent)});
  }
}

// The kernel lowers the MTU of a macvlan with that of its parent and leaves it there. Returns whether that ended IPv6,
// which begins anew with the right MTU. Who made a macvlan may have given it a smaller one.
bool Planner::follow_mtu(const Interface& device, const Interface& parent) {
  const std::uint32_t mtu = device.link.mtu;
  const bool ends_ipv6 = mtu < kIpv6MinimumMtu && parent.link.mtu >= kIpv6MinimumMtu;
  if (mtu < parent.link.mtu && (kernel_state_.is_ours(device.link) || ends_ipv6)) {
    add(SetMtu{device.link.index, parent.link.mtu});
    return ends_ipv6;
  }
  return false;
}

// Whether a user or a program has put it there, and that counts.
bool Planner::is_followed(const Interface& device, const base::IpPrefix& prefix) const {
  const auto adopted = kernel_state_.adopted.find(device.link.index);
  return desired_.macvlan == DesiredDevice::Macvlan::followed && adopted != kernel_state_.adopted.end() &&
         contains(sorted(adopted->second.addresses), prefix);
}

void Planner::raise(const Interface& device) {
  if (device.link.protodown) {
    add(SetProtodown{device.link.index, netlink::Protodown::off});
  }
  if (!device.link.admin_up) {
    add(SetLinkUp{device.link.index});
  }
}

// The kernel worker sets it down later (Maintenance::next_to_lower()), because that takes the kernel 16 ms.
void Planner::hold_down(const Interface& device) {
  if (!device.link.admin_up && !device.link.protodown) {
    add(SetProtodown{device.link.index, netlink::Protodown::on});
  }
}

void Planner::claim(const Interface& device) {
  const Prefixes wanted = sorted(servable_);
  Prefixes present;
  for (const netlink::Address& address : device.addresses) {
    if (ipv6_goes_ && address.prefix.address.family() == base::Family::ipv6) {
      continue;
    }
    present.push_back(address.prefix);
    if (!contains(wanted, address.prefix)) {
      if (is_followed(device, address.prefix)) {
        continue;  // it will be wanted in a moment
      }
      add(RemoveAddress{device.link.index, address.prefix});
    } else if (is_due(address, lease_)) {
      add(AddAddress{device.link.index, address.prefix, lease_});
    }
  }
  present = sorted(std::move(present));
  const bool complete = std::includes(present.begin(), present.end(), wanted.begin(), wanted.end());
  // A user may have switched IPv6 off, which shows in the missing addresses only.
  if (desired_.family == core::Family::ipv6 && (!ipv6_is_on(device, kernel_state_) || !complete)) {
    add(EnableIpv6{device.link.index});
  }
  for (const base::IpPrefix& prefix : servable_) {
    if (!contains(present, prefix)) {
      add(AddAddress{device.link.index, prefix, lease_});
    }
  }
}

}  // namespace

RouterPlan plan_router(const DesiredDevice& desired, const InterfaceTable& table, const KernelState& kernel_state,
                       Lease lease) {
  return Planner(desired, table, kernel_state, lease).run();
}

bool is_due(const netlink::Address& address, Lease lease) {
  if (!address.lifetime || lease == Lease::zero()) {
    return address.lifetime != lifetime_of(lease);
  }
  return *address.lifetime > lease || 3 * *address.lifetime <= 2 * lease;
}

std::vector<Operation> plan_giving_up(const Interface& device, const KernelState& kernel_state) {
  std::vector<Operation> operations;
  const IfIndex index = device.link.index;
  if (const auto adopted = kernel_state.adopted.find(index); adopted != kernel_state.adopted.end()) {
    silence(device, kernel_state, operations);
    operations.emplace_back(ReturnDevice{index, adopted->second});
  } else if (device.link.group == kernel_state.groups.live) {
    silence(device, kernel_state, operations);
    operations.emplace_back(SetGroup{index, kernel_state.groups.pending_deletion});
  }
  return operations;
}

}  // namespace tandem::vrrpd::io
