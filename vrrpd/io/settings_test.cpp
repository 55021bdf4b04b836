// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vrrpd/io/preparation.h"

namespace tandem::vrrpd::io {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::size_t kSettings = 64;  // more than the kernel has

void set(netlink::LinkSettings& settings, std::string_view key, int value) {
  const bool ipv4 = key.starts_with("ipv4/");
  const int place = netlink::number_of(key) - (ipv4 ? 1 : 0);
  (ipv4 ? settings.ipv4 : settings.ipv6).at(static_cast<std::size_t>(place)) = value;
}

netlink::LinkSettings with(const std::vector<Setting>& settings) {
  netlink::LinkSettings result{.ipv4 = std::vector<std::int32_t>(kSettings),
                               .ipv6 = std::vector<std::int32_t>(kSettings)};
  for (const Setting& setting : settings) {
    set(result, setting.key, setting.value);
  }
  return result;
}

netlink::LinkSettings with(const std::vector<Setting>& settings, std::string_view key, int value) {
  netlink::LinkSettings result = with(settings);
  set(result, key, value);
  return result;
}

TEST(Settings, PreparedMacvlanDiffersInNothing) {
  const netlink::LinkSettings parent = with({});
  for (const core::Family family : {core::Family::ipv4, core::Family::ipv6}) {
    EXPECT_THAT(deviations_of_macvlan(family, with(preparation_settings(family)), parent), IsEmpty());
  }
}

TEST(Settings, WhatIsWrittenToAMacvlanIsFound) {
  const auto all = preparation_settings(core::Family::ipv6);
  for (const Setting& setting : all) {
    if (setting.key == "ipv6/disable_ipv6") {
      continue;  // goes by the state
    }
    EXPECT_THAT(deviations_of_macvlan(core::Family::ipv6, with(all, setting.key, 7), with({})),
                ElementsAre(Deviation{setting.key, 7, setting.value}));
  }
}

TEST(Settings, Ipv6SettingsOfAnIpv4MacvlanDoNotMatter) {
  const auto all = preparation_settings(core::Family::ipv4);
  EXPECT_THAT(deviations_of_macvlan(core::Family::ipv4, with(all, "ipv6/accept_ra", 2), with({})), IsEmpty());
}

TEST(Settings, MacvlanForwardsAsItsParentDoes) {
  const auto all = preparation_settings(core::Family::ipv4);
  EXPECT_THAT(deviations_of_macvlan(core::Family::ipv4, with(all), with({}, "ipv4/forwarding", 1)),
              ElementsAre(Deviation{"ipv4/forwarding", 0, 1}));
  EXPECT_TRUE(is_inherited("ipv4/forwarding"));
  EXPECT_FALSE(is_inherited("ipv4/rp_filter"));
}

TEST(Settings, WithoutIpv6OrAParentNothingIsMissed) {
  netlink::LinkSettings macvlan = with(preparation_settings(core::Family::ipv6));
  macvlan.ipv6.clear();
  EXPECT_THAT(deviations_of_macvlan(core::Family::ipv6, macvlan, {}), IsEmpty());
  EXPECT_THAT(deviations_of_parent(core::Family::ipv6, {}, {}), IsEmpty());
}

TEST(Settings, ParentTakesTheLargerOfItsOwnValueAndThatOfAll) {
  const netlink::LinkSettings parent = with({{"ipv4/arp_announce", 2}, {"ipv4/accept_local", 1}});
  EXPECT_THAT(deviations_of_parent(core::Family::ipv4, parent, {}), ElementsAre(Deviation{"ipv4/arp_ignore", 0, 1}));
  EXPECT_THAT(deviations_of_parent(core::Family::ipv4, parent, {{"ipv4/arp_ignore", 1}}), IsEmpty());
}

TEST(Settings, WhatHoldsForAllAndCannotBeOverriddenIsSaid) {
  EXPECT_EQ(obstacle_of_all({}), "");
  EXPECT_EQ(obstacle_of_all({{"ipv4/arp_ignore", 1}, {"ipv4/arp_announce", 2}}), "");
  EXPECT_THAT(obstacle_of_all({{"ipv4/arp_filter", 1}}), HasSubstr("arp_filter of all interfaces is 1"));
  EXPECT_THAT(obstacle_of_all({{"ipv4/arp_ignore", 2}}), HasSubstr("arp_ignore of all interfaces is 2"));
  EXPECT_THAT(obstacle_of_all({{"ipv4/arp_ignore", 8}}), HasSubstr("arp_ignore of all interfaces is 8"));
}

TEST(Settings, EveryKeyIsOneThatTheDumpHas) {
  std::vector<std::string_view> keys = keys_of_all();
  for (const core::Family family : {core::Family::ipv4, core::Family::ipv6}) {
    for (const auto& settings : {preparation_settings(family), parent_settings(family)}) {
      for (const Setting& setting : settings) {
        keys.push_back(setting.key);
      }
    }
  }
  for (const std::string_view key : keys) {
    EXPECT_THAT(netlink::setting_keys(), ::testing::Contains(key));
  }
}

}  // namespace
}  // namespace tandem::vrrpd::io
