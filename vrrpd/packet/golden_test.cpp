// SPDX-License-Identifier: Apache-2.0
// Golden vectors of RFC 9568 and RFC 3768 messages, byte for byte in both directions.
#include <gtest/gtest.h>

#include "vrrpd/packet/testing.h"

namespace tandem::vrrpd::packet {
namespace {

using namespace testing;
using base::Centiseconds;
using std::chrono::seconds;

struct Golden {
  const char* name;
  Advertisement fields;
  const char* source;
  const char* destination;
  std::vector<IpAddress> addresses;
  const char* bytes;
};

constexpr auto kPlain = ChecksumForm::message_only;
constexpr auto kPseudo = ChecksumForm::pseudoheader;
constexpr const char* kGroup4 = "224.0.0.18";

Advertisement v2(unsigned vrid, std::uint8_t priority, Centiseconds interval) {
  return {Version::v2, Vrid(vrid), priority, interval, kPlain};
}
Advertisement v3(unsigned vrid, std::uint8_t priority, int centiseconds, ChecksumForm form) {
  return {Version::v3, Vrid(vrid), priority, Centiseconds(centiseconds), form};
}

std::vector<Golden> v2_vectors() {
  const auto one = ips({"10.0.1.5"});
  return {
      {"Plain", v2(1, 100, seconds(1)), "10.0.0.1", kGroup4, one, "2101640100016ff70a0001050000000000000000"},
      {"Owner", v2(1, 255, seconds(1)), "10.0.0.1", kGroup4, one, "2101ff010001d4f60a0001050000000000000000"},
      {"Release", v2(1, 0, seconds(1)), "10.0.0.1", kGroup4, one, "210100010001d3f70a0001050000000000000000"},
      {"Holo", v2(51, 30, seconds(1)), "10.0.0.1", kGroup4, one, "21331e010001b5c50a0001050000000000000000"},
      {"Largest", v2(255, 254, seconds(255)), "192.0.2.1", kGroup4, ips({"192.0.2.1", "192.0.2.2"}),
       "21fffe0200ff5afac0000201c00002020000000000000000"},
  };
}

std::vector<Golden> v3_vectors() {
  const auto v4 = ips({"192.0.2.254"});
  const auto v6 = ips({"fe80::10", "2001:db8::fe"});
  const char* const v6_list = "fe800000000000000000000000000010 20010db80000000000000000000000fe";
  static const std::string v6_plain = std::string("310ac8020064db17") + v6_list;
  static const std::string v6_release = std::string("310a00020064a318") + v6_list;
  return {
      {"MessageOnly", v3(10, 200, 100, kPlain), "192.0.2.1", kGroup4, v4, "310ac80100644391c00002fe"},
      {"Pseudoheader", v3(10, 200, 100, kPseudo), "192.0.2.1", kGroup4, v4, "310ac8010064a100c00002fe"},
      {"Unicast", v3(10, 200, 100, kPseudo), "192.0.2.1", "192.0.2.2", v4, "310ac8010064bf10c00002fe"},
      {"FastMessageOnly", v3(10, 200, 1, kPlain), "192.0.2.1", kGroup4, v4, "310ac801000143f4c00002fe"},
      {"FastPseudoheader", v3(10, 200, 1, kPseudo), "192.0.2.1", kGroup4, v4, "310ac8010001a163c00002fe"},
      {"SlowMessageOnly", v3(10, 200, 4095, kPlain), "192.0.2.1", kGroup4, v4, "310ac8010fff33f6c00002fe"},
      {"SlowPseudoheader", v3(10, 200, 4095, kPseudo), "192.0.2.1", kGroup4, v4, "310ac8010fff9165c00002fe"},
      {"ReleaseMessageOnly", v3(10, 0, 100, kPlain), "192.0.2.1", kGroup4, v4, "310a000100640b92c00002fe"},
      {"ReleasePseudoheader", v3(10, 0, 100, kPseudo), "192.0.2.1", kGroup4, v4, "310a000100646901c00002fe"},
      {"Ipv6", v3(10, 200, 100, kPseudo), "fe80::1", "ff02::12", v6, v6_plain.c_str()},
      {"Ipv6Release", v3(10, 0, 100, kPseudo), "fe80::1", "ff02::12", v6, v6_release.c_str()},
      {"ScapyPseudoheader", v3(2, 254, 1, kPseudo), "20.0.0.3", kGroup4, ips({"20.0.1.2", "20.0.1.3"}),
       "3102fe020001b25e1400010214000103"},
      {"ScapyMessageOnly", v3(2, 254, 1, kPlain), "20.0.0.3", kGroup4, ips({"20.0.1.2", "20.0.1.3"}),
       "3102fe020001a6f41400010214000103"},
  };
}

class GoldenTest : public ::testing::TestWithParam<Golden> {};

TEST_P(GoldenTest, EncodesToTheseBytes) {
  const Golden& golden = GetParam();
  const IpInfo info{ip(golden.source), ip(golden.destination), kRequiredTtl};
  EXPECT_EQ(to_hex(encoded(golden.fields, info, golden.addresses)), to_hex(hex(golden.bytes)));
}

TEST_P(GoldenTest, DecodesFromTheseBytes) {
  const Golden& golden = GetParam();
  const IpInfo info{ip(golden.source), ip(golden.destination), kRequiredTtl};
  const Buffer message = hex(golden.bytes);
  const auto received = decode(info, message);
  if (!info.destination.is_multicast()) {  // a packet to a single router is not for the group (R1)
    ASSERT_FALSE(received.has_value());
    EXPECT_EQ(received.error().reason, Drop::destination);
    return;
  }
  ASSERT_TRUE(received.has_value()) << packet::info(received.error().reason).description;
  EXPECT_EQ(received->fields.version, golden.fields.version);
  EXPECT_EQ(received->fields.vrid, golden.fields.vrid);
  EXPECT_EQ(received->fields.priority, golden.fields.priority);
  EXPECT_EQ(received->fields.interval, golden.fields.interval);
  EXPECT_EQ(received->fields.checksum, golden.fields.checksum);
  EXPECT_EQ(received->source, info.source);
  EXPECT_EQ(to_vector(received->addresses), golden.addresses);
}

std::string name_of(const ::testing::TestParamInfo<Golden>& test) { return test.param.name; }
INSTANTIATE_TEST_SUITE_P(V2, GoldenTest, ::testing::ValuesIn(v2_vectors()), name_of);
INSTANTIATE_TEST_SUITE_P(V3, GoldenTest, ::testing::ValuesIn(v3_vectors()), name_of);

TEST(GoldenDecodeTest, RefusesTextAuthentication) {
  const auto received = decode(from("10.0.0.1"), hex("21016401010132ab0a0001057365637265740000"));
  ASSERT_FALSE(received.has_value());
  EXPECT_EQ(received.error().reason, Drop::auth_type);
}

}  // namespace
}  // namespace tandem::vrrpd::packet
