// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/config/from_yang.h"

#include <gmock/gmock.h>

#include <set>

#include "vrrpd/config/test_tree.h"

namespace tandem::vrrpd::config {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;

const std::string kDefault = "/tandem-vrrp:vrrp/default";

class FromYangTest : public ConfigTest {
 protected:
  static std::vector<std::string> texts(const std::vector<base::IpPrefix>& prefixes) {
    std::vector<std::string> all;
    for (const base::IpPrefix& prefix : prefixes) {
      all.push_back(prefix.to_string());
    }
    return all;
  }
};

TEST_F(FromYangTest, EmptyTreeIsTheConfigurationWithoutGroups) {
  Config expected;
  expected.address_lease = seconds(10);
  EXPECT_EQ(config_of({}), expected);
}

TEST_F(FromYangTest, GroupWithoutValuesHasTheDefaultsOfTheModel) {
  const Config config = config_of({{group_path("eth1", 5)}});
  const Group expected{{
      .vrid = core::Vrid(5),
      .version = core::Version::v3,
      .priority = 100,
      .advertisement_interval = milliseconds(1000),
      .preempt = true,
      .preempt_delay = seconds(0),
      .checksum = core::ChecksumMode::automatic,
      .shutdown = false,
  }};
  EXPECT_EQ(group(config, "eth1", 5), expected);
}

// A leaf without a field of its name is read by a line of its own in from_yang.cpp.
TEST_F(FromYangTest, EachLeafOfAGroupIsRead) {
  std::set<std::string> names{"version", "also-version-2", "advertisement-interval", "preempt-delay",
                              "checksum-with-ipv4-pseudoheader"};
  auto blank = base::blank<Group>();
  base::for_each_field(blank, [&](const base::FieldInfo& field, const auto&) { names.emplace(field.name); });
  for (const auto& child : group_schema().children) {
    if (child->kind == cli::NodeKind::leaf) {
      EXPECT_TRUE(names.contains(child->name)) << child->name;
    }
  }
}

TEST_F(FromYangTest, RouterAdvertisementsAreOffUntilTheyAreNamed) {
  const std::string path = group_path("eth1", 5) + "/router-advertisement";
  const RouterAdvertisement defaults{seconds(600), seconds(1800), false, false};
  EXPECT_EQ(group(config_of({{path}}), "eth1", 5).router_advertisement, defaults);
  const RouterAdvertisement own{seconds(10), seconds(30), true, false};
  EXPECT_EQ(
      group(
          config_of({{path + "/interval", "10"}, {path + "/lifetime", "30"}, {path + "/managed-config-flag", "true"}}),
          "eth1", 5)
          .router_advertisement,
      own);
}

TEST_F(FromYangTest, GroupWithoutValuesTakesThoseOfVrrpDefault) {
  const Config config = config_of({{kDefault + "/priority", "90"},
                                   {kDefault + "/advertisement-interval", "50"},
                                   {kDefault + "/preempt", "false"},
                                   {kDefault + "/accept-mode", "false"},
                                   {kDefault + "/checksum-with-ipv4-pseudoheader", "false"},
                                   {kDefault + "/shutdown", "true"},
                                   {group_path("eth1", 5)}});
  const Group& made = group(config, "eth1", 5);
  EXPECT_EQ(made.priority, 90);
  EXPECT_EQ(made.advertisement_interval, milliseconds(500));
  EXPECT_FALSE(made.preempt);
  EXPECT_FALSE(made.accept_mode);
  EXPECT_EQ(made.checksum, core::ChecksumMode::message_only);
  EXPECT_TRUE(made.shutdown);
}

TEST_F(FromYangTest, AddressLeaseIsTenSecondsUnlessConfigured) {
  EXPECT_EQ(config_of({}).address_lease, seconds(10));
  EXPECT_EQ(config_of({{"/tandem-vrrp:vrrp/address-lease", "0"}}).address_lease, seconds(0));
  EXPECT_EQ(config_of({{"/tandem-vrrp:vrrp/address-lease", "3600"}}).address_lease, seconds(3600));
}

// The delay is one value for all groups. Each group holds it, so that a change of it changes each group.
TEST_F(FromYangTest, EachGroupHasTheStartupDelay) {
  const std::string path = "/tandem-vrrp:vrrp/startup-delay";
  EXPECT_EQ(startup_delay_of(group(config_of({{group_path("eth1", 5)}}), "eth1", 5)), StartupDelay());
  const Config both = config_of({{path + "/seconds", "30"}, {group_path("eth1", 5)}, {group_path("eth2", 6)}});
  EXPECT_EQ(startup_delay_of(group(both, "eth1", 5)), (StartupDelay{.delay = seconds(30)}));
  EXPECT_EQ(startup_delay_of(group(both, "eth2", 6)), (StartupDelay{.delay = seconds(30)}));
  const Config boot =
      config_of({{path + "/seconds", "3600"}, {path + "/counted", "after-boot"}, {group_path("eth1", 5)}});
  EXPECT_EQ(startup_delay_of(group(boot, "eth1", 5)), (StartupDelay{.delay = seconds(3600), .after_boot = true}));
}

TEST_F(FromYangTest, AutoconfiguredGroupsAreLikeOneThatSetsNothing) {
  EXPECT_EQ(config_of({}).autoconfigure, std::nullopt);
  const std::string path = "/tandem-vrrp:vrrp/autoconfigure";
  Group expected = group(config_of({{group_path("eth1", 1)}, {kDefault + "/priority", "90"}}), "eth1", 1);
  expected.autoconfigured = true;
  // A configured group does not affect it.
  const std::vector<Setting> others{{kDefault + "/priority", "90"}, {group_path("eth1", 5) + "/priority", "200"}};
  const auto with = [&others](Setting setting) {
    std::vector<Setting> all = others;
    all.push_back(std::move(setting));
    return all;
  };
  EXPECT_EQ(config_of(with({path})).autoconfigure, expected);
  expected.version = core::Version::v2;
  EXPECT_EQ(config_of(with({path + "/version", "2"})).autoconfigure, expected);
}

// FRR loses an explicit value that equals the built-in default (doc/decisions/0003-explicit-values-are-kept.md).
TEST_F(FromYangTest, ExplicitValueWinsOverVrrpDefaultEvenIfItIsTheBuiltInOne) {
  const std::string path = group_path("eth1", 10);
  const Config config = config_of({{kDefault + "/priority", "90"},
                                   {path + "/priority", "100"},
                                   {kDefault + "/advertisement-interval", "50"},
                                   {path + "/advertisement-interval", "100"},
                                   {kDefault + "/preempt", "false"},
                                   {path + "/preempt", "true"},
                                   {kDefault + "/shutdown", "true"},
                                   {path + "/shutdown", "false"},
                                   {kDefault + "/checksum-with-ipv4-pseudoheader", "false"},
                                   {path + "/checksum-with-ipv4-pseudoheader", "true"}});
  const Group& made = group(config, "eth1", 10);
  EXPECT_EQ(made.priority, 100);
  EXPECT_EQ(made.advertisement_interval, milliseconds(1000));
  EXPECT_TRUE(made.preempt);
  EXPECT_FALSE(made.shutdown);
  EXPECT_EQ(made.checksum, core::ChecksumMode::pseudoheader);
}

TEST_F(FromYangTest, ValuesOfTheGroupAreTaken) {
  const std::string path = group_path("eth1", 5);
  const Config config = config_of({{path + "/version", "2"},
                                   {path + "/description", "users of building 3"},
                                   {path + "/preempt-delay", "30"},
                                   {path + "/accept-mode", "false"},
                                   {"/tandem-interfaces:interfaces/interface[name='eth1']/vrf", "red"},
                                   {"/tandem-interfaces:interfaces/interface[name='eth1']/description", "lan"}});
  const Group& made = group(config, "eth1", 5);
  EXPECT_EQ(made.version, core::Version::v2);
  EXPECT_EQ(made.description, "users of building 3");
  EXPECT_EQ(made.preempt_delay, seconds(30));
  EXPECT_FALSE(made.accept_mode);
  EXPECT_EQ(made.vrf, "red");
  EXPECT_EQ(config.interfaces.at("eth1").description, "lan");
}

TEST_F(FromYangTest, Ipv4AddressesAreHostPrefixesInAscendingOrder) {
  const Config config = config_of({{ipv4_path("eth1", 5, "10.0.2.200")},
                                   {ipv4_path("eth1", 5, "10.0.2.16") + "/prefix-length", "24"},
                                   {ipv4_path("eth1", 5, "9.0.0.1")}});
  EXPECT_THAT(texts(group(config, "eth1", 5).ipv4), ElementsAre("9.0.0.1/32", "10.0.2.16/24", "10.0.2.200/32"));
}

TEST_F(FromYangTest, LinkLocalAddressIsGeneratedAndComesFirst) {
  const Config config = config_of({{ipv6_path("eth1", 5, "2001:db8::1")}, {ipv6_path("eth1", 171, "2001:db8::2")}});
  EXPECT_THAT(texts(group(config, "eth1", 5).ipv6), ElementsAre("fe80::5e00:205/64", "2001:db8::1/128"));
  EXPECT_THAT(texts(group(config, "eth1", 171).ipv6), ElementsAre("fe80::5e00:2ab/64", "2001:db8::2/128"));
}

TEST_F(FromYangTest, ConfiguredLinkLocalAddressesComeFirstAndNoneIsGenerated) {
  const Config config = config_of({{ipv6_path("eth1", 5, "fe80::2")},
                                   {ipv6_path("eth1", 5, "fe80::1") + "/prefix-length", "128"},
                                   {ipv6_path("eth1", 5, "2001:db8::1")},
                                   {ipv6_path("eth1", 5, "fd00::1") + "/prefix-length", "64"}});
  EXPECT_THAT(texts(group(config, "eth1", 5).ipv6),
              ElementsAre("fe80::1/128", "fe80::2/64", "2001:db8::1/128", "fd00::1/64"));
}

TEST_F(FromYangTest, DebugTopicsAndSystemSettings) {
  const Config config = config_of({{"/tandem-system:hostname", "r1"},
                                   {"/tandem-vrrp:debug/vrrp[.='kernel']"},
                                   {"/tandem-vrrp:debug/vrrp[.='arp']"}});
  EXPECT_EQ(config.system.hostname, "r1");
  EXPECT_THAT(config.debug, ElementsAre(DebugTopic::arp, DebugTopic::kernel));
}

}  // namespace
}  // namespace tandem::vrrpd::config
