// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/config/check.h"

#include <gmock/gmock.h>

#include "vrrpd/config/test_tree.h"
#include "vrrpd/core/limits.h"

namespace tandem::vrrpd::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CheckTest : public ConfigTest {
 protected:
  static std::vector<std::string> texts(const Config& config) {
    std::vector<std::string> all;
    for (const tandem::config::Objection& objection : check(config)) {
      all.push_back(to_string(objection));
    }
    return all;
  }
};

TEST_F(CheckTest, AddressesThatNoHostCanHaveAreRefused) {
  struct Row {
    Setting setting;
    std::string message;
  };
  const std::vector<Row> table = {
      {{ipv4_path("eth1", 5, "10.0.0.255") + "/prefix-length", "24"},
       "vrrp 5 on eth1: the broadcast address of the network cannot be a virtual address (10.0.0.255/24)"},
      {{ipv4_path("eth1", 5, "10.0.0.3") + "/prefix-length", "30"},
       "vrrp 5 on eth1: the broadcast address of the network cannot be a virtual address (10.0.0.3/30)"},
      {{ipv4_path("eth1", 5, "10.0.0.0") + "/prefix-length", "22"},
       "vrrp 5 on eth1: the address of the network cannot be a virtual address (10.0.0.0/22)"},
      {{ipv6_path("eth1", 5, "2001:db8::") + "/prefix-length", "64"},
       "vrrp 5 on eth1: the Subnet-Router anycast address cannot be a virtual address (2001:db8::/64)"},
  };
  for (const Row& row : table) {
    EXPECT_THAT(texts(config_of({row.setting})), ElementsAre(row.message));
  }
}

TEST_F(CheckTest, AddressesThatAHostCanHaveAreTaken) {
  const Config config = config_of({{ipv4_path("eth1", 5, "10.0.0.255")},  // the length of its network is not known
                                   {ipv4_path("eth1", 5, "10.0.1.255") + "/prefix-length", "22"},
                                   {ipv4_path("eth1", 5, "10.0.2.0") + "/prefix-length", "31"},
                                   {ipv4_path("eth1", 5, "10.0.2.1") + "/prefix-length", "31"},
                                   {ipv4_path("eth1", 5, "10.0.2.3") + "/prefix-length", "32"},
                                   {ipv6_path("eth1", 5, "2001:db8::ffff:ffff:ffff:ffff") + "/prefix-length", "64"},
                                   {ipv6_path("eth1", 5, "2001:db8::") + "/prefix-length", "127"}});
  EXPECT_THAT(texts(config), IsEmpty());
}

TEST_F(CheckTest, TwoGroupsOfAnInterfaceCannotHaveTheSameAddress) {
  const Config config = config_of({{ipv4_path("eth1", 5, "10.0.0.1")},
                                   {ipv4_path("eth1", 6, "10.0.0.1")},
                                   {ipv6_path("eth1", 5, "fe80::1")},
                                   {ipv6_path("eth1", 7, "fe80::1")},
                                   {ipv4_path("eth2", 5, "10.0.0.1")}});
  EXPECT_THAT(texts(config),
              ElementsAre("vrrp 6 on eth1: vrrp 5 on the same interface has this address already (10.0.0.1)",
                          "vrrp 7 on eth1: vrrp 5 on the same interface has this address already (fe80::1)"));
}

TEST_F(CheckTest, MoreVirtualRoutersThanTheLimitAreRefused) {
  const Config one = config_of({{group_path("eth1", 5)}});
  Interface full;
  for (unsigned vrid = 1; vrid <= 255; ++vrid) {
    Group group = one.interfaces.at("eth1").groups.at(core::Vrid(5));
    group.vrid = core::Vrid(vrid);
    full.groups.emplace(group.vrid, group);
  }
  Config config;
  const std::size_t fitting = core::kMaxRouters / 255;
  for (std::size_t i = 0; i < fitting; ++i) {
    config.interfaces["eth" + std::to_string(i)] = full;
  }
  EXPECT_THAT(texts(config), IsEmpty());
  config.interfaces["last"] = full;
  EXPECT_EQ(texts(config), std::vector<std::string>{std::to_string(router_count(config)) +
                                                    " virtual routers are more than one daemon runs (at most " +
                                                    std::to_string(core::kMaxRouters) + ")"});
}

// The limits of the core and those of the model agree.
TEST_F(CheckTest, ModelAllowsAsManyAddressesAsTheCoreCarries) {
  std::vector<Setting> settings;
  for (std::size_t i = 1; i < core::kMaxIpv6Addresses; ++i) {
    settings.push_back({ipv6_path("eth1", 5, "2001:db8::" + std::to_string(i))});
  }
  for (std::size_t i = 1; i <= core::kMaxIpv4Addresses; ++i) {
    settings.push_back({ipv4_path("eth1", 5, "10.0." + std::to_string(i / 250) + "." + std::to_string(1 + i % 250))});
  }
  const Config config = config_of(settings);
  EXPECT_EQ(group(config, "eth1", 5).ipv6.size(), core::kMaxIpv6Addresses);
  EXPECT_EQ(group(config, "eth1", 5).ipv4.size(), core::kMaxIpv4Addresses);
}

}  // namespace
}  // namespace tandem::vrrpd::config
