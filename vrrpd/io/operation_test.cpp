// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/operation.h"
#include "vrrpd/io/kernel_state.h"
#include "vrrpd/io/names.h"

#include <gtest/gtest.h>
#include <net/if.h>

namespace tandem::vrrpd::io {
namespace {

using base::IfIndex;
using core::Family;
using core::Vrid;

// The values are promised: firewalls have them.
TEST(DeviceName, FollowsFromTheNameOfTheParentAndFitsIntoWhatTheKernelAllows) {
  EXPECT_EQ(device_name("eth1", Vrid(5), Family::ipv4), "vrrp4-eth1-5");
  EXPECT_EQ(device_name("enp3s0", Vrid(10), Family::ipv6), "vrrp6-enp3s0-10");
  EXPECT_EQ(device_name("enp3s0", Vrid(100), Family::ipv6), "v6-enp3s0-100");
  EXPECT_EQ(device_name("enp129s0f0", Vrid(5), Family::ipv4), "v4-enp129s0f0-5");
  EXPECT_EQ(device_name("enp129s0f0", Vrid(50), Family::ipv4), "v4-df327089-50");
  EXPECT_EQ(device_name("enp129s0f0np123", Vrid(255), Family::ipv6).size(), std::size_t{IFNAMSIZ} - 1);
}

TEST(DeviceName, ByIndexFitsToo) {
  EXPECT_EQ(device_name_by_index(IfIndex{3}, Vrid(5), Family::ipv4), "vrrp4-3-5");
  EXPECT_EQ(device_name_by_index(IfIndex{12345}, Vrid(255), Family::ipv6), "vrrp6-12345-255");
  EXPECT_EQ(device_name_by_index(IfIndex{123456}, Vrid(255), Family::ipv6), "v6-1e240-ff");
  EXPECT_LT(device_name_by_index(IfIndex{0xffffffff}, Vrid(255), Family::ipv6).size(), std::size_t{IFNAMSIZ});
}

TEST(LinkGroups, AreDifferentForInstances) {
  EXPECT_NE(link_groups("").live, link_groups("").pending_deletion);
  EXPECT_NE(link_groups("").live, link_groups("a").live);
  EXPECT_NE(link_groups("b").live, link_groups("a").live);
}

TEST(LinkGroups, TellInstancesApart) {
  const LinkGroups ours = link_groups("");
  EXPECT_FALSE(is_of_another_instance(ours.live, ours));
  EXPECT_FALSE(is_of_another_instance(ours.deleting, ours));
  EXPECT_FALSE(is_of_another_instance(0, ours)) << "of another program";
  EXPECT_TRUE(is_of_another_instance(link_groups("a").pending_deletion, ours));
}

TEST(KernelState, TellsWhatIsGone) {
  InterfaceTable table;
  netlink::Link eth1;
  eth1.index = IfIndex{2};
  table.apply(netlink::LinkChanged{eth1});
  KernelState kernel_state;
  kernel_state.prepared = {{IfIndex{2}, KernelState::Ipv6::off}, {IfIndex{3}, KernelState::Ipv6::off}};
  kernel_state.adopted = {{IfIndex{3}, {}}, {IfIndex{4}, {}}};
  kernel_state.guarded = {IfIndex{2}, IfIndex{5}};
  kernel_state.guarded_ipv6 = {IfIndex{6}};
  const std::set<IfIndex> gone = kernel_state.gone_from(table);
  EXPECT_EQ(gone, (std::set{IfIndex{3}, IfIndex{4}, IfIndex{5}, IfIndex{6}}));
  for (const IfIndex index : gone) {
    kernel_state.forget(index);
  }
  EXPECT_TRUE(kernel_state.gone_from(table).empty());
}

// After a crash: preparing them again would take IPv6 addresses off.
TEST(KernelState, RecognisesWhatAFormerRunHasPrepared) {
  const LinkGroups groups = link_groups("");
  struct Case {
    const char* what;
    Family family;
    bool up;
    bool protodown;
    std::uint32_t group;
    bool addressed;
    std::optional<KernelState::Ipv6> prepared;
  };
  const Case cases[] = {
      {"a Backup's, IPv4", Family::ipv4, true, false, groups.live, false, KernelState::Ipv6::off},
      {"a Master's, IPv4", Family::ipv4, true, false, groups.live, true, KernelState::Ipv6::off},
      {"a Master's, IPv6", Family::ipv6, true, false, groups.live, true, KernelState::Ipv6::on},
      {"IPv6 may be on or off", Family::ipv6, true, false, groups.live, false, std::nullopt},
      {"a Backup's that is down", Family::ipv6, false, true, groups.live, false, KernelState::Ipv6::off},
      {"died before it was prepared", Family::ipv4, false, false, groups.live, false, std::nullopt},
      {"another program's", Family::ipv4, true, false, 0, true, std::nullopt},
  };
  for (const Case& each : cases) {
    InterfaceTable table;
    table.apply(netlink::LinkChanged{{.index = IfIndex{7},
                                      .name = "x",
                                      .mac = packet::virtual_mac(Vrid(5), each.family),
                                      .admin_up = each.up,
                                      .protodown = each.protodown,
                                      .group = each.group,
                                      .macvlan = netlink::Macvlan{}}});
    if (each.addressed) {
      const char* const text = each.family == Family::ipv4 ? "10.0.0.1" : "fe80::1";
      table.apply(netlink::AddressAdded{{.interface = IfIndex{7}, .prefix = {*base::IpAddress::parse(text), 32}}});
    }
    KernelState kernel_state;
    kernel_state.groups = groups;
    recognise_prepared(table, kernel_state);
    const auto found = kernel_state.prepared.find(IfIndex{7});
    EXPECT_EQ(found == kernel_state.prepared.end() ? std::nullopt : std::optional(found->second), each.prepared)
        << each.what;
  }
}

}  // namespace
}  // namespace tandem::vrrpd::io
