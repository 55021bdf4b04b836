// SPDX-License-Identifier: Apache-2.0
#include "lib/netlink/interface_table.h"

#include <gtest/gtest.h>

#include <utility>

namespace tandem::netlink {
namespace {

using base::IfIndex;
using base::IpAddress;
using Effect = InterfaceTable::Effect;

Link link(unsigned index, std::string name) {
  Link link;
  link.index = IfIndex{index};
  link.name = std::move(name);
  return link;
}

void add_link(InterfaceTable& table, Link link) { table.apply(LinkChanged{std::move(link)}); }

void add_address(InterfaceTable& table, unsigned index, base::IpPrefix prefix) {
  table.apply(AddressAdded{{.interface = IfIndex{index}, .prefix = prefix}});
}

TEST(InterfaceTable, TellsWhatIsNew) {
  InterfaceTable table;
  const LinkChanged changed{link(2, "eth1")};
  const AddressAdded address{{.interface = IfIndex{2}, .prefix = {IpAddress::v4(10, 0, 0, 1), 24}}};
  EXPECT_EQ(table.apply(changed), Effect::changed);
  EXPECT_EQ(table.apply(changed), Effect::nothing);
  EXPECT_EQ(table.apply(address), Effect::changed);
  EXPECT_EQ(table.apply(address), Effect::nothing);
  EXPECT_EQ(table.apply(AddressRemoved{address.address}), Effect::changed);
  EXPECT_EQ(table.apply(AddressRemoved{address.address}), Effect::nothing);
  EXPECT_EQ(table.apply(LinkRemoved{IfIndex{2}}), Effect::changed);
  EXPECT_EQ(table.apply(LinkRemoved{IfIndex{2}}), Effect::nothing);
  EXPECT_EQ(table.apply(address), Effect::nothing) << "an address of an interface that is gone";
}

TEST(InterfaceTable, KnowsOtherNamesButNotAsNames) {
  InterfaceTable table;
  Link one = link(2, "eth1");
  one.altnames = {"enp3s0", "lan"};
  add_link(table, one);
  EXPECT_EQ(table.find("lan"), nullptr);
  ASSERT_NE(table.find_by_altname("lan"), nullptr);
  EXPECT_EQ(table.find_by_altname("lan")->link.name, "eth1");
  EXPECT_EQ(table.find_by_altname("eth1"), nullptr);
  one.altnames = {"lan"};
  add_link(table, one);
  EXPECT_EQ(table.find_by_altname("enp3s0"), nullptr);
  EXPECT_NE(table.find_by_altname("lan"), nullptr);
}

TEST(InterfaceTable, FollowsRenames) {
  InterfaceTable table;
  add_link(table, link(2, "eth1"));
  add_link(table, link(2, "wan0"));
  EXPECT_EQ(table.find("eth1"), nullptr);
  ASSERT_NE(table.find("wan0"), nullptr);
  EXPECT_EQ(table.find("wan0")->link.index, IfIndex{2});
}

TEST(InterfaceTable, SurvivesExchangedNames) {
  InterfaceTable table;
  add_link(table, link(2, "eth1"));
  add_link(table, link(3, "eth2"));
  add_link(table, link(3, "eth1"));
  add_link(table, link(2, "eth2"));
  EXPECT_EQ(table.find("eth1")->link.index, IfIndex{3});
  EXPECT_EQ(table.find("eth2")->link.index, IfIndex{2});
}

TEST(InterfaceTable, KnowsTheVrfOfAnInterface) {
  InterfaceTable table;
  Link port = link(2, "eth1");
  port.vrf = IfIndex{9};
  add_link(table, port);
  add_link(table, link(3, "eth2"));
  add_link(table, link(9, "red"));
  struct Case {
    const char* name;
    const char* vrf;
    bool in;
  };
  for (const Case& each : {Case{"eth1", "red", true}, Case{"eth1", "", true}, Case{"eth1", "blue", false},
                           Case{"eth1", "default", false}, Case{"eth2", "default", true}, Case{"eth2", "", true},
                           Case{"eth2", "red", false}, Case{"eth3", "", false}, Case{"eth3", "default", false}}) {
    EXPECT_EQ(is_in_vrf(table, each.name, each.vrf), each.in) << each.name << " in '" << each.vrf << "'";
  }
}

TEST(InterfaceTable, KnowsHowManyInterfacesHaveAnAddress) {
  InterfaceTable table;
  const IpAddress address = IpAddress::v4(10, 0, 0, 1);
  add_link(table, link(2, "eth1"));
  add_address(table, 2, {address, 24});
  const Link other = link(3, "eth2");
  add_link(table, other);
  table.apply(AddressAdded{{.interface = other.index, .prefix = {address, 32}}});
  table.apply(AddressAdded{{.interface = other.index, .prefix = {address, 32}}});  // again: no other
  EXPECT_EQ(table.holders(address), 2U);
  table.apply(LinkRemoved{other.index});
  EXPECT_EQ(table.holders(address), 1U);
  table.apply(AddressRemoved{{.interface = IfIndex{2}, .prefix = {address, 24}}});
  EXPECT_EQ(table.holders(address), 0U);
}

TEST(InterfaceTable, TellsALifetimeFromOtherChangesOfAnAddress) {
  InterfaceTable table;
  add_link(table, link(2, "eth1"));
  Address address{.interface = IfIndex{2}, .prefix = {IpAddress::v4(10, 0, 0, 1), 24}};
  table.apply(AddressAdded{address});
  address.lifetime = std::chrono::seconds(10);
  EXPECT_EQ(table.apply(AddressAdded{address}), Effect::lifetime);
  address.tentative = true;
  EXPECT_EQ(table.apply(AddressAdded{address}), Effect::changed);
}

}  // namespace
}  // namespace tandem::netlink
