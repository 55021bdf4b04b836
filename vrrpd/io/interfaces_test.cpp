// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/interfaces.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vrrpd/io/testing.h"

namespace tandem::vrrpd::io {
namespace {

using base::IfIndex;
using base::IpAddress;
using core::Family;
using core::Vrid;
using testing::add_address;
using testing::add_link;
using testing::ethernet;
using testing::macvlan;
using testing::prefix;

TEST(InterfaceTable, KnowsWhoHasAnAddressBesidesVirtualRouters) {
  InterfaceTable table;
  add_link(table, ethernet(2, "eth1"));
  add_link(table, ethernet(3, "eth2"));
  add_link(table, macvlan(4, "vrrp4-2-5", 2, Vrid(5)));
  add_address(table, 2, prefix("10.0.0.1", 24));
  add_address(table, 3, prefix("10.0.0.2", 24));
  add_address(table, 4, prefix("10.0.0.2", 32));
  const IpAddress one = IpAddress::v4(10, 0, 0, 1);
  const IpAddress two = IpAddress::v4(10, 0, 0, 2);
  const auto holders_of = [&table](const std::set<IpAddress>& addresses) {
    Holders holders;
    for (const auto& [index, interface] : table.all()) {
      add_holder(interface, addresses, holders);
    }
    return holders;
  };
  EXPECT_THAT(holders_of({two, IpAddress::v4(10, 0, 0, 3)}), ::testing::ElementsAre(std::pair("eth2", two)));
  EXPECT_THAT(holders_of({one}), ::testing::ElementsAre(std::pair("eth1", one)));
}

netlink::Link plain_macvlan(std::uint32_t index, const std::string& name) {
  netlink::Link link = ethernet(index, name);
  link.macvlan = netlink::Macvlan{netlink::MacvlanMode::bridge};
  link.parent = IfIndex{2};
  link.mac = base::MacAddress({2, 0, 0, 0, 0, static_cast<std::uint8_t>(index)});
  return link;
}

// Of the macvlans on a macvlan the kernel reports the interface below: the name says which it is, in each of its forms.
TEST(InterfaceTable, FindsTheParentOfAMacvlanOnAMacvlan) {
  InterfaceTable table;
  add_link(table, ethernet(2, "eth1"));
  const std::vector<std::string> parents = {"a", "3", "with-dashes", "enp129s0f1np12", "f"};
  for (std::uint32_t i = 0; i < parents.size(); ++i) {
    add_link(table, plain_macvlan(10 + i, parents[i]));
  }
  for (std::uint32_t i = 0; i < parents.size(); ++i) {
    const netlink::Link by_name = macvlan(100 + i, device_name(parents[i], Vrid(5), Family::ipv4), 2, Vrid(5));
    const netlink::Link by_index =
        macvlan(200 + i, device_name_by_index(IfIndex{10 + i}, Vrid(6), Family::ipv4), 2, Vrid(6));
    EXPECT_EQ(table.parent_of(by_name), IfIndex{10 + i}) << by_name.name;
    EXPECT_EQ(table.parent_of(by_index), IfIndex{10 + i}) << by_index.name;
  }
  table.apply(netlink::LinkRemoved{IfIndex{10}});
  EXPECT_EQ(table.parent_of(macvlan(100, "vrrp4-a-5", 2, Vrid(5))), IfIndex{2}) << "there is no other";
  add_link(table, plain_macvlan(11, "renamed"));
  EXPECT_EQ(table.parent_of(macvlan(101, "vrrp4-renamed-5", 2, Vrid(5))), IfIndex{11});
  EXPECT_EQ(table.parent_of(macvlan(102, "vrrp4-3-5", 2, Vrid(5))), IfIndex{2});
}

TEST(InterfaceTable, PrefersTheMacvlanThatIsUp) {
  InterfaceTable table;
  netlink::Link down = macvlan(5, "first", 2, Vrid(5));
  down.admin_up = false;
  add_link(table, down);
  add_link(table, macvlan(6, "second", 2, Vrid(5)));
  EXPECT_EQ(table.macvlan(IfIndex{2}, packet::virtual_mac(Vrid(5), Family::ipv4))->link.index, IfIndex{6});
  EXPECT_EQ(table.macvlan(IfIndex{3}, packet::virtual_mac(Vrid(5), Family::ipv4)), nullptr);
}

TEST(StatusOf, MissingInterface) {
  const core::InterfaceStatus status = status_of(InterfaceTable(), "eth1", Vrid(5), Family::ipv4);
  EXPECT_EQ(status, core::InterfaceStatus());
}

TEST(StatusOf, LinkWithoutCarrierIsDown) {
  InterfaceTable table;
  netlink::Link link = ethernet(2, "eth1");
  link.running = false;
  add_link(table, link);
  EXPECT_TRUE(status_of(table, "eth1", Vrid(5), Family::ipv4).present);
  EXPECT_FALSE(status_of(table, "eth1", Vrid(5), Family::ipv4).up);
}

TEST(StatusOf, PrimaryIpv4AddressIsTheFirstThatIsNotSecondary) {
  InterfaceTable table;
  add_link(table, ethernet(2, "eth1"));
  table.apply(netlink::AddressAdded{{.interface = IfIndex{2}, .prefix = prefix("10.0.0.9", 24), .secondary = true}});
  add_address(table, 2, prefix("10.0.0.1", 24));
  add_address(table, 2, prefix("10.1.0.1", 24));
  add_address(table, 2, prefix("fe80::1", 64));
  const core::InterfaceStatus status = status_of(table, "eth1", Vrid(5), Family::ipv4);
  EXPECT_EQ(status.primary, IpAddress::v4(10, 0, 0, 1));
  EXPECT_THAT(status.addresses, ::testing::SizeIs(3));
}

TEST(StatusOf, PrimaryIpv6AddressIsALinkLocalOneThatMayBeUsed) {
  InterfaceTable table;
  add_link(table, ethernet(2, "eth1"));
  add_address(table, 2, prefix("2001:db8::1", 64));
  table.apply(netlink::AddressAdded{{.interface = IfIndex{2}, .prefix = prefix("fe80::1", 64), .tentative = true}});
  EXPECT_EQ(status_of(table, "eth1", Vrid(5), Family::ipv6).primary, std::nullopt);
  table.apply(netlink::AddressAdded{{.interface = IfIndex{2}, .prefix = prefix("fe80::1", 64)}});
  EXPECT_EQ(status_of(table, "eth1", Vrid(5), Family::ipv6).primary, IpAddress::parse("fe80::1"));
}

TEST(StatusOf, DeviceIsReadyWhenItIsUpOrHeldDown) {
  InterfaceTable table;
  add_link(table, ethernet(2, "eth1"));
  EXPECT_FALSE(status_of(table, "eth1", Vrid(5), Family::ipv4).device_ready);
  netlink::Link device = macvlan(6, "vrrp4-2-5", 2, Vrid(5));
  device.admin_up = false;
  add_link(table, device);
  EXPECT_FALSE(status_of(table, "eth1", Vrid(5), Family::ipv4).device_ready);
  device.protodown = true;
  add_link(table, device);
  EXPECT_TRUE(status_of(table, "eth1", Vrid(5), Family::ipv4).device_ready);
  add_link(table, macvlan(6, "vrrp4-2-5", 2, Vrid(5)));
  EXPECT_TRUE(status_of(table, "eth1", Vrid(5), Family::ipv4).device_ready);
  EXPECT_FALSE(status_of(table, "eth1", Vrid(5), Family::ipv6).device_ready);
}

}  // namespace
}  // namespace tandem::vrrpd::io
