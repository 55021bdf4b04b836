// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/operation.h"

#include <net/if.h>

#include <algorithm>
#include <cerrno>

#include "vrrpd/io/preparation.h"

namespace tandem::vrrpd::io {
namespace {

// "VR" in the upper half: link groups are numbers without a registry, and small ones are what people use.
constexpr std::uint32_t kLinkGroupBase = 0x56520000;
constexpr std::uint32_t kGroupsPerInstance = 3;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

std::string name_of(base::IfIndex index, const InterfaceTable& table) {
  const Interface* const interface = table.find(index);
  return interface == nullptr ? fmt::format("interface {}", base::to_number(index)) : interface->link.name;
}

template <class Change>
void change_link(InterfaceTable& table, base::IfIndex index, Change change) {
  if (const Interface* const known = table.find(index)) {
    netlink::Link link = known->link;
    change(link);
    table.apply(netlink::LinkChanged{std::move(link)});
  }
}

void remove_ipv6_addresses(InterfaceTable& table, base::IfIndex index) {
  const Interface* const known = table.find(index);
  if (known == nullptr) {
    return;
  }
  const std::vector<netlink::Address> addresses = known->addresses;
  for (const netlink::Address& address : addresses) {
    if (address.prefix.address.family() == base::Family::ipv6) {
      table.apply(netlink::AddressRemoved{address});
    }
  }
}

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
  return {.live = first, .graveyard = first + 1, .dying = first + 2};
}

bool is_tandem_group(std::uint32_t group) { return (group & 0xffff0000U) == kLinkGroupBase; }

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

std::optional<std::chrono::seconds> lifetime_of(Lease lease) {
  return lease == Lease::zero() ? std::nullopt : std::optional(lease);
}

base::IfIndex device_of(const Operation& operation) {
  return std::visit(
      Overloaded{[](const CreateDevice&) { return base::kNoInterface; }, [](const auto& op) { return op.index; }},
      operation);
}

std::chrono::microseconds cost_of(const Operation& operation) {
  using std::chrono::microseconds;
  return std::visit(
      Overloaded{
          [](const CreateDevice&) { return microseconds(150); }, [](const PrepareDevice&) { return microseconds(40); },
          [](const GuardParent&) { return microseconds(60); }, [](const ReleaseParent&) { return microseconds(60); },
          [](const ReturnDevice&) { return microseconds(16'000); },
          [](const SetLinkDown&) { return microseconds(16'000); }, [](const auto&) { return microseconds(20); }},
      operation);
}

bool is_building(const Operation& operation, const Memory& memory) {
  return std::visit(
      Overloaded{[](const CreateDevice&) { return true; }, [](const SetProtodown&) { return true; },
                 [&](const PrepareDevice& op) { return !memory.adopted.contains(op.index); },  // originals to remember
                 [](const auto&) { return false; }},
      operation);
}

std::optional<netlink::Request> request_of(const Operation& operation) {
  using Maybe = std::optional<netlink::Request>;
  return std::visit(
      Overloaded{
          [](const RemoveAddress& op) { return Maybe(netlink::delete_address(op.index, op.prefix)); },
          [](const AddAddress& op) { return Maybe(netlink::add_address(op.index, op.prefix, lifetime_of(op.lease))); },
          [](const SetGroup& op) { return Maybe(netlink::set_group(op.index, op.group)); },
          [](const CreateDevice& op) { return Maybe(netlink::create_macvlan(op.macvlan)); },
          [](const PrepareDevice& op) { return Maybe(preparation_request(op.index)); },
          [](const HealSettings& op) { return Maybe(healing_request(op)); },
          [](const SetMtu& op) { return Maybe(netlink::set_mtu(op.index, op.mtu)); },
          [](const SetVrf& op) { return Maybe(netlink::set_vrf(op.index, op.vrf)); },
          [](const SetMode& op) { return Maybe(netlink::set_macvlan_mode(op.index, op.mode)); },
          [](const SetProtodown& op) { return Maybe(netlink::set_protodown(op.index, op.protodown)); },
          [](const SetLinkUp& op) { return Maybe(netlink::set_admin_state(op.index, netlink::AdminState::up)); },
          [](const SetLinkDown& op) { return Maybe(netlink::set_admin_state(op.index, netlink::AdminState::down)); },
          [](const auto&) { return Maybe(); }},
      operation);
}

std::string describe(const Operation& operation, const InterfaceTable& table) {
  const auto name = [&](const auto& op) { return name_of(op.index, table); };
  return std::visit(
      Overloaded{
          [&](const AdoptDevice& op) { return fmt::format("take over {}", name(op)); },
          [&](const DisableIpv6& op) { return fmt::format("switch IPv6 of {} off", name(op)); },
          [&](const RemoveAddress& op) { return fmt::format("remove {} from {}", op.prefix.to_string(), name(op)); },
          [&](const ReturnDevice& op) { return fmt::format("give {} back", name(op)); },
          [&](const SetGroup& op) { return fmt::format("set the link group of {}", name(op)); },
          [&](const GuardParent& op) {
            return fmt::format(
                "set {} of {}",
                op.family == core::Family::ipv4 ? "arp_ignore, arp_announce and accept_local" : "accept_untracked_na",
                name(op));
          },
          [&](const ReleaseParent& op) { return fmt::format("restore the sysctls of {}", name(op)); },
          [&](const CreateDevice& op) { return fmt::format("create interface {}", op.macvlan.name); },
          [&](const PrepareDevice& op) { return fmt::format("prepare {}", name(op)); },
          [&](const HealSettings& op) { return fmt::format("set {} of {}", op.deviations.front().key, name(op)); },
          [&](const SetMtu& op) { return fmt::format("set the MTU of {} to {}", name(op), op.mtu); },
          [&](const SetVrf& op) { return fmt::format("move {} to the VRF of its parent", name(op)); },
          [&](const SetMode& op) { return fmt::format("set the macvlan mode of {}", name(op)); },
          [&](const SetProtodown& op) { return fmt::format("set protodown of {}", name(op)); },
          [&](const SetLinkUp& op) { return fmt::format("set {} up", name(op)); },
          [&](const SetLinkDown& op) { return fmt::format("set {} down", name(op)); },
          [&](const EnableIpv6& op) { return fmt::format("switch IPv6 of {} on", name(op)); },
          [&](const AddAddress& op) { return fmt::format("add {} to {}", op.prefix.to_string(), name(op)); }},
      operation);
}

bool was_overtaken(const Operation& operation, int error) {
  return error == ENODEV || error == ENOENT ||
         (error == EADDRNOTAVAIL && std::holds_alternative<RemoveAddress>(operation));
}

bool changes_address(const Operation& operation, const netlink::Event& event) {
  const auto* const added = std::get_if<netlink::AddressAdded>(&event);
  const auto* const removed = std::get_if<netlink::AddressRemoved>(&event);
  return std::visit(
      Overloaded{[&](const AddAddress& op) { return added != nullptr && added->address.prefix == op.prefix; },
                 [&](const RemoveAddress& op) { return removed != nullptr && removed->address.prefix == op.prefix; },
                 [&](const DisableIpv6&) {
                   return removed != nullptr && removed->address.prefix.address.family() == core::Family::ipv6;
                 },
                 [](const ReturnDevice&) { return true; }, [](const auto&) { return false; }},
      operation);
}

void recognise_prepared(const InterfaceTable& table, Memory& memory) {
  for (const auto& [index, interface] : table.all()) {
    const netlink::Link& link = interface.link;
    const auto owner = packet::parse_virtual_mac(link.mac);
    if (!memory.is_ours(link) || !owner || !(link.admin_up || link.protodown)) {
      continue;
    }
    if (!link.admin_up) {  // a Backup's
      memory.prepared[index] = Memory::Ipv6::off;
      continue;
    }
    const bool addressed =
        std::any_of(interface.addresses.begin(), interface.addresses.end(),
                    [&](const netlink::Address& address) { return address.prefix.address.family() == owner->family; });
    if (owner->family == core::Family::ipv4 || addressed) {
      memory.prepared[index] = owner->family == core::Family::ipv6 ? Memory::Ipv6::on : Memory::Ipv6::off;
    }
  }
}

void Memory::note(const Operation& done) {
  std::visit(Overloaded{// never replaces one remembered from before a crash
                        [this](const AdoptDevice& op) { adopted.emplace(op.index, op.original); },
                        [this](const PrepareDevice& op) {
                          prepared[op.index] = Ipv6::off;
                          deviating.erase(op.index);
                        },
                        [this](const HealSettings& op) { deviating.erase(op.index); },
                        [this](const DisableIpv6& op) {
                          if (const auto known = prepared.find(op.index); known != prepared.end()) {
                            known->second = Ipv6::off;
                          }
                        },
                        [this](const EnableIpv6& op) {
                          prepared[op.index] = Ipv6::on;
                          deviating.erase(op.index);  // found at a Backup; the next inspection finds what is left
                        },
                        [this](const ReturnDevice& op) {
                          adopted.erase(op.index);
                          prepared.erase(op.index);
                        },
                        [this](const SetGroup& op) {
                          if (op.group == groups.graveyard) {
                            prepared.erase(op.index);
                          }
                        },
                        [this](const GuardParent& op) {
                          (op.family == core::Family::ipv4 ? guarded : guarded_ipv6).insert(op.index);
                          left_guarded.erase(op.index);
                        },
                        [this](const ReleaseParent& op) {
                          guarded.erase(op.index);
                          guarded_ipv6.erase(op.index);
                          left_guarded.erase(op.index);
                        },
                        [](const auto&) {}},
             done);
}

void Memory::forget(base::IfIndex index) {
  deviating.erase(index);
  prepared.erase(index);
  adopted.erase(index);
  guarded.erase(index);
  guarded_ipv6.erase(index);
  left_guarded.erase(index);
}

void note(const Operation& done, InterfaceTable& table) {
  std::visit(
      Overloaded{
          [&](const DisableIpv6& op) { remove_ipv6_addresses(table, op.index); },
          [&](const RemoveAddress& op) {
            table.apply(netlink::AddressRemoved{{.interface = op.index, .prefix = op.prefix}});
          },
          [&](const AddAddress& op) {
            table.apply(
                netlink::AddressAdded{{.interface = op.index, .prefix = op.prefix, .lifetime = lifetime_of(op.lease)}});
          },
          [&](const ReturnDevice& op) {
            change_link(table, op.index, [](netlink::Link& link) {
              link.admin_up = false;
              link.protodown = false;
            });
          },
          [&](const SetGroup& op) {
            change_link(table, op.index, [&](netlink::Link& link) { link.group = op.group; });
          },
          [&](const SetVrf& op) {
            change_link(table, op.index, [&](netlink::Link& link) { link.vrf = op.vrf; });
            remove_ipv6_addresses(table, op.index);
          },
          [&](const SetMtu& op) { change_link(table, op.index, [&](netlink::Link& link) { link.mtu = op.mtu; }); },
          [&](const SetMode& op) {
            change_link(table, op.index, [&](netlink::Link& link) { link.macvlan = netlink::Macvlan{op.mode}; });
          },
          [&](const SetProtodown& op) {
            change_link(table, op.index,
                        [&](netlink::Link& link) { link.protodown = op.protodown == netlink::Protodown::on; });
          },
          [&](const SetLinkUp& op) { change_link(table, op.index, [](netlink::Link& link) { link.admin_up = true; }); },
          [](const auto&) {}},
      done);
}

}  // namespace tandem::vrrpd::io
