// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/operation.h"

#include <cerrno>

#include "lib/base/overloaded.h"

namespace tandem::vrrpd::io {
namespace {

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

}  // namespace

std::optional<std::chrono::seconds> lifetime_of(Lease lease) {
  return lease == Lease::zero() ? std::nullopt : std::optional(lease);
}

base::IfIndex device_of(const Operation& operation) {
  return std::visit(
      base::Overloaded{[](const CreateDevice&) { return base::kNoInterface; }, [](const auto& op) { return op.index; }},
      operation);
}

std::chrono::microseconds cost_of(const Operation& operation) {
  using std::chrono::microseconds;
  return std::visit(
      base::Overloaded{
          [](const CreateDevice&) { return microseconds(150); }, [](const PrepareDevice&) { return microseconds(40); },
          [](const GuardParent&) { return microseconds(60); }, [](const ReleaseParent&) { return microseconds(60); },
          [](const ReturnDevice&) { return microseconds(16'000); },
          [](const SetLinkDown&) { return microseconds(16'000); }, [](const auto&) { return microseconds(20); }},
      operation);
}

std::string describe(const Operation& operation, const InterfaceTable& table) {
  const auto name = [&](const auto& op) { return name_of(op.index, table); };
  return std::visit(
      base::Overloaded{
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
      base::Overloaded{
          [&](const AddAddress& op) { return added != nullptr && added->address.prefix == op.prefix; },
          [&](const RemoveAddress& op) { return removed != nullptr && removed->address.prefix == op.prefix; },
          [&](const DisableIpv6&) {
            return removed != nullptr && removed->address.prefix.address.family() == core::Family::ipv6;
          },
          [](const ReturnDevice&) { return true; }, [](const auto&) { return false; }},
      operation);
}

void note(const Operation& done, InterfaceTable& table) {
  std::visit(
      base::Overloaded{
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
