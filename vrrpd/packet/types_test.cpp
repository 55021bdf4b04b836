// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "vrrpd/packet/types.h"

namespace tandem::vrrpd::packet {
namespace {

TEST(VridTest, IsBetween1And255) {
  EXPECT_EQ(Vrid::from(0), std::nullopt);
  EXPECT_EQ(Vrid::from(256), std::nullopt);
  EXPECT_EQ(Vrid::from(1)->value(), 1);
  EXPECT_EQ(Vrid::from(255)->value(), 255);
}

TEST(VirtualMacTest, HasTheBlockOfTheFamilyAndTheVrid) {
  EXPECT_EQ(virtual_mac(Vrid(5), Family::ipv4).to_string(), "00:00:5e:00:01:05");
  EXPECT_EQ(virtual_mac(Vrid(255), Family::ipv6).to_string(), "00:00:5e:00:02:ff");
}

TEST(VirtualMacTest, IsRecognised) {
  for (unsigned vrid = 1; vrid < 256; ++vrid) {
    for (const Family family : {Family::ipv4, Family::ipv6}) {
      const auto owner = parse_virtual_mac(virtual_mac(Vrid(vrid), family));
      ASSERT_TRUE(owner.has_value());
      EXPECT_EQ(owner->vrid, Vrid(vrid));
      EXPECT_EQ(owner->family, family);
    }
  }
}

TEST(VirtualMacTest, OthersAreNot) {
  for (const base::MacAddress mac :
       {base::MacAddress{{0x00, 0x00, 0x5e, 0x00, 0x01, 0x00}}, base::MacAddress{{0x00, 0x00, 0x5e, 0x00, 0x03, 0x05}},
        base::MacAddress{{0x01, 0x00, 0x5e, 0x00, 0x01, 0x05}}, base::MacAddress{}}) {
    EXPECT_FALSE(parse_virtual_mac(mac).has_value()) << mac.to_string();
  }
}

TEST(MulticastGroupTest, IsTheOneOfVrrp) {
  EXPECT_EQ(multicast_group(Family::ipv4).to_string(), "224.0.0.18");
  EXPECT_EQ(multicast_group(Family::ipv6).to_string(), "ff02::12");
}

}  // namespace
}  // namespace tandem::vrrpd::packet
