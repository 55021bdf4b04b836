// SPDX-License-Identifier: Apache-2.0
#include "lib/base/ip.h"

#include <gtest/gtest.h>

#include "lib/base/mac.h"

namespace tandem::base {
namespace {

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

TEST(IpAddressTest, ParsesAndPrintsTheCanonicalForm) {
  for (const auto& [text, canonical] :
       {std::pair{"192.0.2.1", "192.0.2.1"}, std::pair{"2001:DB8:0:0:0:0:0:FE", "2001:db8::fe"}, std::pair{"::", "::"},
        std::pair{"fe80::5e00:205", "fe80::5e00:205"}}) {
    EXPECT_EQ(ip(text).to_string(), canonical);
  }
}

TEST(IpAddressTest, RefusesWhatIsNoAddress) {
  for (const char* text :
       {"", "10.0.0", "10.0.0.256", "10.0.0.1/24", "fe80::1%eth0", ":::", "1.2.3.4.5", " 10.0.0.1"}) {
    EXPECT_FALSE(IpAddress::parse(text).has_value()) << text;
  }
  EXPECT_FALSE(IpAddress::parse(std::string_view("10.0.0.1\0x", 10)).has_value());
}

// RFC 9568 §6.4.3: the tie-break compares unsigned integers in network byte order.
TEST(IpAddressTest, IsOrderedUnsignedInNetworkByteOrder) {
  EXPECT_LT(ip("10.0.0.2"), ip("10.0.0.10"));
  EXPECT_LT(ip("10.0.0.127"), ip("10.0.0.128"));
  EXPECT_LT(ip("127.0.0.1"), ip("200.0.0.1"));
  EXPECT_LT(ip("1.0.0.2"), ip("2.0.0.1"));
  EXPECT_LT(ip("fe80::7fff"), ip("fe80::8000"));
  EXPECT_LT(ip("fe80::1"), ip("fe80:0:0:0:8000::"));
}

TEST(IpAddressTest, KnowsItsKind) {
  EXPECT_TRUE(ip("0.0.0.0").is_unspecified());
  EXPECT_TRUE(ip("::").is_unspecified());
  EXPECT_TRUE(ip("224.0.0.18").is_multicast());
  EXPECT_TRUE(ip("239.255.255.255").is_multicast());
  EXPECT_FALSE(ip("240.0.0.1").is_multicast());
  EXPECT_TRUE(ip("ff02::12").is_multicast());
  EXPECT_TRUE(ip("127.1.2.3").is_loopback());
  EXPECT_TRUE(ip("::1").is_loopback());
  EXPECT_FALSE(ip("::2").is_loopback());
  EXPECT_TRUE(ip("169.254.1.1").is_link_local());
  EXPECT_TRUE(ip("fe80::1").is_link_local());
  EXPECT_TRUE(ip("febf::1").is_link_local());
  EXPECT_FALSE(ip("fec0::1").is_link_local());
  EXPECT_TRUE(ip("255.255.255.255").is_broadcast());
}

TEST(IpPrefixTest, ContainsTheAddressesOfItsNetwork) {
  const IpPrefix prefix{ip("10.10.10.15"), 22};
  EXPECT_TRUE(prefix.contains(ip("10.10.8.0")));
  EXPECT_TRUE(prefix.contains(ip("10.10.11.255")));
  EXPECT_FALSE(prefix.contains(ip("10.10.12.0")));
  EXPECT_FALSE(prefix.contains(ip("fe80::1")));
  EXPECT_TRUE((IpPrefix{ip("::"), 0}.contains(ip("2001:db8::1"))));
  EXPECT_FALSE((IpPrefix{ip("2001:db8::1"), 128}.contains(ip("2001:db8::2"))));
  EXPECT_EQ(prefix.to_string(), "10.10.10.15/22");
}

TEST(IpPrefixTest, KnowsTheAddressesThatNoHostOfANetworkHas) {
  EXPECT_EQ(reserved_as({ip("10.0.3.255"), 22}), "the broadcast address of the network");
  EXPECT_EQ(reserved_as({ip("10.0.2.255"), 22}), "");
  EXPECT_EQ(reserved_as({ip("10.0.0.0"), 22}), "the address of the network");
  EXPECT_EQ(reserved_as({ip("2001:db8::"), 64}), "the Subnet-Router anycast address");
  EXPECT_EQ(reserved_as({ip("2001:db8::ffff:ffff:ffff:ffff"), 64}), "");
  EXPECT_EQ(reserved_as({ip("10.0.0.0"), 31}), "");
  EXPECT_EQ(reserved_as({ip("10.0.0.1"), 32}), "");
  EXPECT_EQ(reserved_as({ip("2001:db8::"), 127}), "");
}

TEST(MacAddressTest, PrintsLowerCaseHexadecimal) {
  EXPECT_EQ((MacAddress{{0x00, 0x00, 0x5e, 0x00, 0x01, 0xaf}}.to_string()), "00:00:5e:00:01:af");
}

}  // namespace
}  // namespace tandem::base
