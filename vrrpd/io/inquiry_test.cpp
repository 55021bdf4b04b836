// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/inquiry.h"

#include <gtest/gtest.h>

namespace tandem::vrrpd::io {
namespace {

using base::IpAddress;

constexpr base::IfIndex kParent{2};

Interface parent_with(InterfaceTable& table, const base::IpPrefix& prefix) {
  netlink::Link link;
  link.index = kParent;
  table.apply(netlink::LinkChanged{link});
  table.apply(netlink::AddressAdded{{.interface = kParent, .prefix = prefix}});
  return *table.find(kParent);
}

TEST(OwnSender, IsAnAddressOfTheNetworkThatNoInterfaceHas) {
  InterfaceTable table;
  const Interface parent = parent_with(table, {IpAddress::v4(10, 10, 10, 254), 24});
  EXPECT_EQ(own_sender(IpAddress::v4(10, 10, 10, 16), table, parent), IpAddress::v4(10, 10, 10, 253));
  const netlink::Address other{.interface = kParent, .prefix = {IpAddress::v4(10, 10, 10, 253), 32}};
  table.apply(netlink::AddressAdded{other});
  EXPECT_EQ(own_sender(IpAddress::v4(10, 10, 10, 16), table, parent), IpAddress::v4(10, 10, 10, 252));
  table.apply(netlink::AddressRemoved{other});
  EXPECT_EQ(own_sender(IpAddress::v4(10, 10, 10, 16), table, parent), IpAddress::v4(10, 10, 10, 253));
}

TEST(OwnSender, IsNoneOutsideTheNetworksOfTheInterfaceOrInOneWithoutSpareAddresses) {
  InterfaceTable table;
  const IpAddress none(base::Family::ipv4);
  EXPECT_EQ(own_sender(IpAddress::v4(192, 0, 2, 1), table, parent_with(table, {IpAddress::v4(10, 0, 0, 1), 24})), none);
  InterfaceTable small;
  EXPECT_EQ(own_sender(IpAddress::v4(10, 0, 0, 1), small, parent_with(small, {IpAddress::v4(10, 0, 0, 0), 31})), none);
}

TEST(OwnSender, IsLinkLocalForIpv6) {
  InterfaceTable table;
  const Interface parent = parent_with(table, {*IpAddress::parse("2001:db8::1"), 64});
  EXPECT_TRUE(own_sender(*IpAddress::parse("2001:db8::2"), table, parent).is_link_local());
}

}  // namespace
}  // namespace tandem::vrrpd::io
