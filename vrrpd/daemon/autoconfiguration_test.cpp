// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/autoconfiguration.h"

#include <gmock/gmock.h>

namespace tandem::vrrpd::daemon {
namespace {

using core::Family;
using core::Vrid;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

io::ForeignMacvlan macvlan(unsigned index, unsigned vrid, const std::vector<std::string>& addresses) {
  io::ForeignMacvlan made{.index = base::IfIndex{index},
                          .name = "gw",
                          .parent = "eth1",
                          .vrid = Vrid(vrid),
                          .family = Family::ipv4,
                          .addresses = {}};
  for (const std::string& address : addresses) {
    made.addresses.push_back({*base::IpAddress::parse(address), 24});
    made.family = made.addresses.back().address.family();
  }
  return made;
}

config::Config configured(core::Version version = core::Version::v3) {
  config::Config config;
  config.autoconfigure = config::Group{{.vrid = Vrid(1),
                                        .version = version,
                                        .priority = 90,
                                        .advertisement_interval = milliseconds(500),
                                        .preempt = true,
                                        .preempt_delay = seconds(0),
                                        .checksum = core::ChecksumMode::automatic,
                                        .shutdown = false}};
  config.autoconfigure->autoconfigured = true;
  return config;
}

std::vector<std::string> texts(const std::vector<base::IpPrefix>& prefixes) {
  std::vector<std::string> all;
  for (const base::IpPrefix& prefix : prefixes) {
    all.push_back(prefix.to_string());
  }
  return all;
}

const config::Group& group(const Autoconfigured& result, unsigned vrid) {
  return result.config.interfaces.at("eth1").groups.at(Vrid(vrid));
}

TEST(Autoconfigured, MacvlansOfBothFamiliesMakeOneGroupWithTheirAddresses) {
  const std::vector macvlans{macvlan(7, 5, {"10.0.0.6", "10.0.0.5"}), macvlan(8, 5, {"2001:db8::5"})};
  const Autoconfigured result = autoconfigured(configured(), macvlans);
  EXPECT_TRUE(group(result, 5).autoconfigured);
  EXPECT_EQ(group(result, 5).vrid, Vrid(5));
  EXPECT_EQ(group(result, 5).priority, 90);
  EXPECT_THAT(texts(group(result, 5).ipv4), ElementsAre("10.0.0.5/24", "10.0.0.6/24"));
  EXPECT_THAT(texts(group(result, 5).ipv6), ElementsAre("fe80::5e00:205/64", "2001:db8::5/24"));
}

TEST(Autoconfigured, WithoutTheCommandNothingIsAdded) {
  EXPECT_EQ(autoconfigured({}, std::vector{macvlan(7, 5, {"10.0.0.5"})}).config, config::Config{});
}

TEST(Autoconfigured, ConfiguredGroupCounts) {
  config::Config config = configured();
  config::Group own = *config.autoconfigure;
  own.vrid = Vrid(5);
  own.autoconfigured = false;
  own.ipv4 = {{*base::IpAddress::parse("10.0.0.9"), 32}};
  config.interfaces["eth1"].groups.emplace(own.vrid, own);
  const Autoconfigured result =
      autoconfigured(config, std::vector{macvlan(7, 5, {"10.0.0.5"}), macvlan(8, 6, {"10.0.0.6"})});
  EXPECT_EQ(group(result, 5), own);
  EXPECT_TRUE(group(result, 6).autoconfigured);
}

TEST(Autoconfigured, VersionTwoHasNoIpv6) {
  const std::vector macvlans{macvlan(7, 5, {"10.0.0.5"}), macvlan(8, 5, {"2001:db8::5"}),
                             macvlan(9, 6, {"2001:db8::6"})};
  const Autoconfigured result = autoconfigured(configured(core::Version::v2), macvlans);
  EXPECT_THAT(group(result, 5).ipv6, IsEmpty());
  EXPECT_FALSE(result.config.interfaces.at("eth1").groups.contains(Vrid(6)));
}

TEST(Autoconfigured, MacvlanWithAnAddressThatCannotBeVirtualIsLeftOutAndNamed) {
  const Autoconfigured result =
      autoconfigured(configured(), std::vector{macvlan(7, 5, {"10.0.0.255"}), macvlan(8, 6, {"10.0.0.6"})});
  ASSERT_THAT(result.left_out, SizeIs(1));
  EXPECT_THAT(result.left_out[0], HasSubstr("vrrp 5 on eth1"));
  EXPECT_THAT(result.config.interfaces.at("eth1").groups, SizeIs(1));
  EXPECT_TRUE(group(result, 6).autoconfigured);
}

TEST(Autoconfigured, MoreAddressesThanAnAdvertisementHoldsAreLeftOut) {
  io::ForeignMacvlan many = macvlan(8, 5, {"2001:db8::1"});
  for (unsigned i = 2; i <= 90; ++i) {
    many.addresses.push_back({*base::IpAddress::parse(fmt::format("2001:db8::{:x}", i)), 64});
  }
  EXPECT_THAT(autoconfigured(configured(), std::vector{many}).left_out,
              ElementsAre(HasSubstr("more than 90 IPv6 addresses")));
  many.addresses.pop_back();
  EXPECT_THAT(autoconfigured(configured(), std::vector{many}).left_out, IsEmpty());
}

constexpr base::TimePoint at(milliseconds when) { return base::TimePoint(when); }

TEST(SettledMacvlans, ThoseThatAreThereAtFirstCountAtOnce) {
  SettledMacvlans macvlans;
  EXPECT_THAT(macvlans.look({macvlan(7, 5, {"10.0.0.5"})}, at(seconds(10))), SizeIs(1));
  EXPECT_EQ(macvlans.next_look(), std::nullopt);
}

TEST(SettledMacvlans, NewOneCountsWhenItHasStayedAsItIsForASecond) {
  SettledMacvlans macvlans;
  macvlans.look({}, at(seconds(10)));
  EXPECT_THAT(macvlans.look({macvlan(7, 5, {})}, at(seconds(11))), IsEmpty());
  EXPECT_THAT(macvlans.look({macvlan(7, 5, {"10.0.0.5"})}, at(milliseconds(11'900))), IsEmpty());
  EXPECT_EQ(macvlans.next_look(), at(milliseconds(12'900)));
  EXPECT_THAT(macvlans.look({macvlan(7, 5, {"10.0.0.5"})}, at(milliseconds(12'899))), IsEmpty());
  EXPECT_THAT(macvlans.look({macvlan(7, 5, {"10.0.0.5"})}, at(milliseconds(12'900))), SizeIs(1));
  EXPECT_EQ(macvlans.next_look(), std::nullopt);
}

TEST(SettledMacvlans, OneThatCountsIsFollowedAtOnceAndGoesAtOnce) {
  SettledMacvlans macvlans;
  macvlans.look({macvlan(7, 5, {"10.0.0.5"})}, at(seconds(10)));
  const auto changed = macvlan(7, 5, {"10.0.0.5", "10.0.0.6"});
  EXPECT_THAT(macvlans.look({changed}, at(seconds(10))), ElementsAre(changed));
  EXPECT_THAT(macvlans.look({}, at(seconds(10))), IsEmpty());
}

TEST(SettledMacvlans, OneMadeAnewIsNew) {
  SettledMacvlans macvlans;
  macvlans.look({macvlan(7, 5, {"10.0.0.5"})}, at(seconds(10)));
  EXPECT_THAT(macvlans.look({macvlan(8, 5, {"10.0.0.5"})}, at(seconds(60))), IsEmpty());
}

}  // namespace
}  // namespace tandem::vrrpd::daemon
