// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/filter/rules.h"

#include <gmock/gmock.h>

#include "vrrpd/filter/testing.h"

namespace tandem::vrrpd::filter {
namespace {

using core::Family;
using testing::address;
using testing::config_of;
using ::testing::ElementsAre;
using testing::group;
using ::testing::IsEmpty;
using testing::key;

const Deaf kDeaf4{address("10.0.0.1"), ""};
const Deaf kDeaf6{address("2001:db8::1"), ""};

TEST(Rules, AcceptModeOnNeedsNone) {
  EXPECT_TRUE(rules_of(config_of({{"eth1", group(5, true, {"10.0.0.1", "fe80::1"})}}), {}).empty());
}

TEST(Rules, AcceptModeOffIsDeafWhereverAPacketArrives) {
  const Rules rules = rules_of(config_of({{"eth1", group(5, false, {"10.0.0.1", "2001:db8::1"})}}), {});
  EXPECT_THAT(rules.deaf, ElementsAre(kDeaf4, kDeaf6));
  EXPECT_THAT(rules.mute, IsEmpty());
}

TEST(Rules, ALinkLocalAddressIsMeantOnItsInterfaceOnly) {
  const config::Config config = config_of({{"eth1", group(5, false, {"fe80::1"})}});
  EXPECT_THAT(rules_of(config, {}).deaf, ElementsAre(Deaf{address("fe80::1"), "eth1"})) << "eth1 does not exist yet";
  const MachineState with{.held = {}, .devices = {{key("eth1", 5, Family::ipv6), "vrrp6-3-5"}}, .refused = {}};
  EXPECT_THAT(rules_of(config, with).deaf,
              ElementsAre(Deaf{address("fe80::1"), "eth1"}, Deaf{address("fe80::1"), "vrrp6-3-5"}));
}

TEST(Rules, AnAddressThatAnotherGroupAcceptsIsDroppedOnTheInterfaceOnly) {
  const config::Config config =
      config_of({{"eth1", group(5, false, {"10.0.0.1"})}, {"eth2", group(5, true, {"10.0.0.1"})}});
  const MachineState with{.held = {}, .devices = {{key("eth1", 5, Family::ipv4), "vrrp4-3-5"}}, .refused = {}};
  EXPECT_THAT(rules_of(config, with).deaf,
              ElementsAre(Deaf{address("10.0.0.1"), "eth1"}, Deaf{address("10.0.0.1"), "vrrp4-3-5"}));
}

TEST(Rules, AnAddressThatAnotherInterfaceHasIsDroppedOnTheInterfaceOnly) {
  const MachineState with{.held = {{"eth2", address("10.0.0.1")}}, .devices = {}, .refused = {}};
  EXPECT_THAT(rules_of(config_of({{"eth1", group(5, false, {"10.0.0.1"})}}), with).deaf,
              ElementsAre(Deaf{address("10.0.0.1"), "eth1"}));
}

TEST(Rules, AnOwnerAcceptsAndIsMuteForWhatItHas) {
  const MachineState with{.held = {{"eth1", address("10.0.0.1")}}, .devices = {}, .refused = {}};
  const Rules rules = rules_of(config_of({{"eth1", group(5, false, {"10.0.0.1", "10.0.0.2"})}}), with);
  EXPECT_THAT(rules.deaf, IsEmpty());
  EXPECT_THAT(rules.mute, ElementsAre(Mute{address("10.0.0.1"), "eth1"}));
}

TEST(Rules, AnOwnerOfOneFamilyOwnsNothingOfTheOther) {
  const MachineState with{.held = {{"eth1", address("10.0.0.1")}}, .devices = {}, .refused = {}};
  const Rules rules = rules_of(config_of({{"eth1", group(5, false, {"10.0.0.1", "2001:db8::1"})}}), with);
  EXPECT_THAT(rules.deaf, ElementsAre(kDeaf6));
  EXPECT_THAT(rules.mute, ElementsAre(Mute{address("10.0.0.1"), "eth1"}));
}

TEST(Rules, AnInterfaceAnswersForItselfIfNoVirtualRouterCan) {
  MachineState with{.held = {{"eth1", address("10.0.0.1")}}, .devices = {}, .refused = {}};
  config::Group shut_down = group(5, true, {"10.0.0.1"});
  shut_down.shutdown = true;
  EXPECT_TRUE(rules_of(config_of({{"eth1", shut_down}}), with).empty());
  with.refused.insert(key("eth1", 5, Family::ipv4));
  EXPECT_TRUE(rules_of(config_of({{"eth1", group(5, true, {"10.0.0.1"})}}), with).empty());
}

TEST(Rules, UnitedAskForBoth) {
  const Rules one{.deaf = {kDeaf4}, .mute = {}};
  const Rules other{.deaf = {kDeaf6}, .mute = {{address("10.0.0.1"), "eth1"}}};
  const Rules both = united(one, other);
  EXPECT_THAT(both.deaf, ElementsAre(kDeaf4, kDeaf6));
  EXPECT_EQ(both.mute.size(), 1U);
}

}  // namespace
}  // namespace tandem::vrrpd::filter
