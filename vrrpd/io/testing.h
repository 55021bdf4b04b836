// SPDX-License-Identifier: Apache-2.0
// For the tests of this folder only: interfaces, and a kernel that carries out operations on an InterfaceTable.
#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "vrrpd/io/reconcile.h"

namespace tandem::vrrpd::io::testing {

inline const LinkGroups kGroups = link_groups("");

inline base::IpPrefix prefix(std::string_view address, unsigned length) {
  return {*base::IpAddress::parse(address), static_cast<std::uint8_t>(length)};
}

inline netlink::Link ethernet(unsigned index, std::string name) {
  netlink::Link link;
  link.index = base::IfIndex{index};
  link.name = std::move(name);
  link.admin_up = true;
  link.running = true;
  link.ethernet = true;
  return link;
}

inline netlink::Link macvlan(unsigned index, std::string name, unsigned parent, core::Vrid vrid) {
  netlink::Link link = ethernet(index, std::move(name));
  link.parent = base::IfIndex{parent};
  link.mac = packet::virtual_mac(vrid, core::Family::ipv4);
  link.group = kGroups.live;
  link.macvlan = netlink::Macvlan{netlink::MacvlanMode::bridge};
  return link;
}

inline void add_link(InterfaceTable& table, netlink::Link link) { table.apply(netlink::LinkChanged{std::move(link)}); }
inline void add_address(InterfaceTable& table, unsigned index, base::IpPrefix address) {
  table.apply(netlink::AddressAdded{{.interface = base::IfIndex{index}, .prefix = address}});
}

// Does what the real kernel does for each operation. It never fails.
class FakeKernel {
 public:
  InterfaceTable table;
  Memory memory{.groups = kGroups, .prepared = {}, .adopted = {}, .guarded = {}, .left_guarded = {}};

  void carry_out(const std::vector<Operation>& operations) {
    for (const Operation& operation : operations) {
      std::visit([this](const auto& op) { apply(op); }, operation);
      memory.note(operation);
    }
  }

 private:
  template <class Change>
  void change_link(base::IfIndex index, Change change) {
    netlink::Link link = table.find(index)->link;
    change(link);
    table.apply(netlink::LinkChanged{link});
  }
  template <class Which>
  void remove_addresses(base::IfIndex index, Which which) {
    const std::vector<netlink::Address> addresses = table.find(index)->addresses;
    for (const netlink::Address& address : addresses) {
      if (which(address.prefix)) {
        table.apply(netlink::AddressRemoved{address});
      }
    }
  }

  void apply(const AdoptDevice&) {}
  void apply(const DisableIpv6& op) {
    remove_addresses(op.index, [](const auto& address) { return address.address.family() == core::Family::ipv6; });
  }
  void apply(const RemoveAddress& op) {
    remove_addresses(op.index, [&](const auto& address) { return address == op.prefix; });
  }
  void apply(const ReturnDevice& op) {
    const Original original = memory.adopted.at(op.index);
    change_link(op.index, [&](netlink::Link& link) {
      link.admin_up = false;
      link.macvlan->mode = original.mode;
    });
    for (const base::IpPrefix& address : original.addresses) {
      table.apply(netlink::AddressAdded{{.interface = op.index, .prefix = address}});
    }
  }
  void apply(const SetGroup& op) {
    change_link(op.index, [&](netlink::Link& link) { link.group = op.group; });
  }
  void apply(const GuardParent&) {}
  void apply(const ReleaseParent&) {}
  void apply(const CreateDevice& op) {
    netlink::Link link = ethernet(next_index_++, op.macvlan.name);
    link.parent = op.macvlan.parent;
    link.mac = op.macvlan.mac;
    link.group = op.macvlan.group;
    link.admin_up = false;
    link.macvlan = netlink::Macvlan{op.macvlan.mode};
    add_link(table, link);
  }
  void apply(const PrepareDevice&) {}
  void apply(const SetMode& op) {
    change_link(op.index, [&](netlink::Link& link) { link.macvlan->mode = op.mode; });
  }
  void apply(const SetLinkUp& op) {
    change_link(op.index, [](netlink::Link& link) { link.admin_up = true; });
  }
  void apply(const EnableIpv6&) {}
  void apply(const AddAddress& op) { table.apply(netlink::AddressAdded{{.interface = op.index, .prefix = op.prefix}}); }
  void apply(const EmptyGraveyard&) {
    std::vector<base::IfIndex> buried;
    for (const auto& [index, interface] : table.all()) {
      if (interface.link.group == memory.groups.graveyard) {
        buried.push_back(index);
      }
    }
    for (const base::IfIndex index : buried) {
      table.apply(netlink::LinkRemoved{index});
      memory.forget(index);
    }
  }

  unsigned next_index_ = 1000;
};

}  // namespace tandem::vrrpd::io::testing
