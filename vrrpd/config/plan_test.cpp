// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/config/plan.h"

#include <gmock/gmock.h>

#include "vrrpd/config/test_tree.h"

namespace tandem::vrrpd::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string describe(const RouterKey& key) {
  return key.interface + "/" + std::to_string(key.vrid.value()) + "/" + std::string(base::to_string(key.family));
}

struct Describe {
  std::string operator()(const RemoveRouter& change) const { return "remove " + describe(change.key); }
  std::string operator()(const AddRouter& change) const { return "add " + describe(change.key); }
  std::string operator()(const ChangeRouter& change) const { return "change " + describe(change.key); }
  std::string operator()(const ChangeAddressLease& change) const {
    return fmt::format("address lease {} s", change.lease.count());
  }
  std::string operator()(const ChangeHostname&) const { return "hostname"; }
  std::string operator()(const ChangeLog&) const { return "log"; }
  std::string operator()(const ChangeDebug&) const { return "debug"; }
};

std::vector<std::string> described(const std::vector<Change>& changes) {
  std::vector<std::string> all;
  for (const Change& change : changes) {
    all.push_back(std::visit(Describe{}, change));
  }
  return all;
}

class PlanTest : public ConfigTest {
 protected:
  std::vector<std::string> plan_of(const std::vector<Setting>& before, const std::vector<Setting>& after) const {
    return described(plan(config_of(before), config_of(after)));
  }
  const std::vector<Setting> base_ = {{ipv4_path("eth1", 5, "10.0.0.1")},
                                      {ipv6_path("eth1", 5, "2001:db8::1")},
                                      {ipv4_path("eth1", 6, "10.0.0.2")},
                                      {ipv4_path("eth2", 5, "10.0.2.1")}};
  std::vector<Setting> base_with(const std::vector<Setting>& more) const {
    std::vector<Setting> all = base_;
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
};

TEST_F(PlanTest, AddressLeaseIsAChangeOfItsOwn) {
  EXPECT_THAT(plan_of(base_, base_with({{"/tandem-vrrp:vrrp/address-lease", "30"}})),
              ElementsAre("address lease 30 s"));
  EXPECT_THAT(plan_of(base_, base_with({{"/tandem-vrrp:vrrp/address-lease", "10"}})), IsEmpty());
  EXPECT_THAT(described(plan(Config{}, config_of({}))), ElementsAre("address lease 10 s"))
      << "what is in force at first";
}

TEST_F(PlanTest, EqualConfigurationsNeedNothing) { EXPECT_THAT(plan_of(base_, base_), IsEmpty()); }

TEST_F(PlanTest, GroupsAppearAsTheirVirtualRouters) {
  EXPECT_THAT(plan_of({}, base_),
              ElementsAre("add eth1/5/IPv4", "add eth1/5/IPv6", "add eth1/6/IPv4", "add eth2/5/IPv4"));
  EXPECT_THAT(plan_of(base_, {}),
              ElementsAre("remove eth1/5/IPv4", "remove eth1/5/IPv6", "remove eth1/6/IPv4", "remove eth2/5/IPv4"));
}

TEST_F(PlanTest, GroupWithoutAddressesHasAnIpv4Router) {
  EXPECT_THAT(plan_of({}, {{group_path("eth1", 5)}}), ElementsAre("add eth1/5/IPv4"));
}

TEST_F(PlanTest, ChangeOfOneGroupNamesOnlyThatGroup) {
  EXPECT_THAT(plan_of(base_, base_with({{group_path("eth1", 5) + "/priority", "210"}})),
              ElementsAre("change eth1/5/IPv4", "change eth1/5/IPv6"));
}

TEST_F(PlanTest, AddressOfOneFamilyLeavesTheOtherAlone) {
  EXPECT_THAT(plan_of(base_, base_with({{ipv4_path("eth1", 5, "10.0.0.9")}})), ElementsAre("change eth1/5/IPv4"));
  EXPECT_THAT(plan_of(base_, base_with({{ipv6_path("eth1", 5, "2001:db8::9")}})), ElementsAre("change eth1/5/IPv6"));
  EXPECT_THAT(plan_of(base_, base_with({{ipv6_path("eth1", 6, "2001:db8::9")}})), ElementsAre("add eth1/6/IPv6"));
}

TEST_F(PlanTest, PrefixLengthIsAChange) {
  EXPECT_THAT(plan_of(base_, base_with({{ipv4_path("eth2", 5, "10.0.2.1") + "/prefix-length", "24"}})),
              ElementsAre("change eth2/5/IPv4"));
}

TEST_F(PlanTest, DefaultTouchesOnlyGroupsThatDoNotSetTheValue) {
  const std::vector<Setting> before = base_with({{group_path("eth1", 5) + "/priority", "100"}});
  std::vector<Setting> after = before;
  after.push_back({"/tandem-vrrp:vrrp/default/priority", "90"});
  EXPECT_THAT(plan_of(before, after), ElementsAre("change eth1/6/IPv4", "change eth2/5/IPv4"));
}

TEST_F(PlanTest, RemovalsComeBeforeChangesAndAdditions) {
  const std::vector<Setting> after = {{ipv4_path("eth0", 1, "10.0.2.1")},  // moves here
                                      {ipv4_path("eth1", 5, "10.0.0.1")},
                                      {ipv4_path("eth1", 6, "10.0.0.3")}};
  EXPECT_THAT(plan_of(base_, after),
              ElementsAre("remove eth1/5/IPv6", "remove eth2/5/IPv4", "change eth1/6/IPv4", "add eth0/1/IPv4"));
}

TEST_F(PlanTest, SettingsOfTheSystemComeFirst) {
  EXPECT_THAT(plan_of({}, {{"/tandem-system:hostname", "r1"},
                           {"/tandem-system:log/syslog"},
                           {"/tandem-vrrp:debug/vrrp[.='arp']"},
                           {group_path("eth1", 5)}}),
              ElementsAre("log", "debug", "hostname", "add eth1/5/IPv4"));
}

TEST_F(PlanTest, DescriptionOfAnInterfaceDisturbsNoRouter) {
  EXPECT_THAT(plan_of(base_, base_with({{"/tandem-interfaces:interfaces/interface[name='eth1']/description", "lan"}})),
              IsEmpty());
}

TEST_F(PlanTest, OnlyIpv4ServesVersion2AsWell) {
  const Config config = config_of(base_with({{group_path("eth1", 5) + "/also-version-2", "true"}}));
  EXPECT_TRUE(router_config(group(config, "eth1", 5), core::Family::ipv4).also_version_2);
  EXPECT_FALSE(router_config(group(config, "eth1", 5), core::Family::ipv6).also_version_2);
  EXPECT_FALSE(router_config(group(config, "eth1", 6), core::Family::ipv4).also_version_2);
}

TEST_F(PlanTest, CoreIsToldTheAddressesOfItsFamilyInOrder) {
  const Config config = config_of(base_);
  const core::RouterConfig ipv6 = router_config(group(config, "eth1", 5), core::Family::ipv6);
  EXPECT_EQ(ipv6.family, core::Family::ipv6);
  EXPECT_EQ(ipv6.priority, 100);
  EXPECT_THAT(*ipv6.addresses,
              ElementsAre(generated_link_local(core::Vrid(5)), *base::IpAddress::parse("2001:db8::1")));
  EXPECT_THAT(*router_config(group(config, "eth1", 6), core::Family::ipv4).addresses,
              ElementsAre(base::IpAddress::v4(10, 0, 0, 2)));
}

}  // namespace
}  // namespace tandem::vrrpd::config
