// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/packet/router_advertisement.h"

#include <gtest/gtest.h>

#include "lib/base/wire.h"

namespace tandem::vrrpd::packet {
namespace {

const IpAddress kSource = IpAddress::parse("fe80::5e00:205").value();
const base::MacAddress kMac = virtual_mac(Vrid(5), Family::ipv6);

std::vector<std::uint8_t> frame_of(const RouterAdvertisement& advertisement,
                                   const std::vector<base::IpPrefix>& prefixes) {
  FrameBuffer buffer{};
  const base::Bytes frame = router_advertisement_frame(advertisement, kSource, kMac, prefixes, buffer);
  return {frame.begin(), frame.end()};
}

// Ethernet 14, IPv6 40, then the message: RFC 4861 §4.2.
TEST(RouterAdvertisement, HasTheFieldsWhereHostsLookForThem) {
  const auto frame =
      frame_of({std::chrono::seconds(1800), true, false}, {{IpAddress::parse("2001:db8:10::15").value(), 64}});
  ASSERT_EQ(frame.size(), 14U + 40 + 16 + 8 + 32);
  const std::vector<std::uint8_t> ethernet(frame.begin(), frame.begin() + 14);
  EXPECT_EQ(ethernet, (std::vector<std::uint8_t>{0x33, 0x33, 0, 0, 0, 1, 0, 0, 0x5e, 0, 2, 5, 0x86, 0xdd}));
  EXPECT_EQ(frame[14 + 7], 255) << "hop limit";
  const std::uint8_t* icmp = frame.data() + 54;
  EXPECT_EQ(icmp[0], 134);
  EXPECT_EQ(icmp[5], 0x80) << "M set, O not";
  EXPECT_EQ(icmp[6] * 256 + icmp[7], 1800);
  EXPECT_EQ(std::vector<std::uint8_t>(icmp + 16, icmp + 24), (std::vector<std::uint8_t>{1, 1, 0, 0, 0x5e, 0, 2, 5}));
  EXPECT_EQ(icmp[24], 3);
  EXPECT_EQ(icmp[26], 64);
  EXPECT_EQ(icmp[27], 0xc0) << "on-link and autonomous";
  const IpAddress prefix = IpAddress::from_bytes(base::Bytes(icmp + 40, 16));
  EXPECT_EQ(prefix.to_string(), "2001:db8:10::") << "the network, not the router's own address";
}

TEST(RouterAdvertisement, SumsUpToAValidChecksum) {
  const auto frame = frame_of({std::chrono::seconds(0), false, true}, {{IpAddress::parse("2001:db8::1").value(), 64}});
  base::InternetChecksum sum;
  sum.add(base::Bytes(frame).subspan(14 + 8, 32));  // both addresses
  sum.add_u16(static_cast<std::uint16_t>(frame.size() - 54));
  sum.add_u16(58);
  sum.add(base::Bytes(frame).subspan(54));
  EXPECT_EQ(sum.value(), 0);
}

TEST(RouterAdvertisement, OnlyPrefixesOf64BitsAreForAutoconfiguration) {
  const auto frame =
      frame_of({std::chrono::seconds(1800), false, false}, {{IpAddress::parse("2001:db8::1").value(), 56}});
  EXPECT_EQ(frame[54 + 24 + 3], 0x80);
}

TEST(RouterAdvertisement, MayHaveNoPrefixAndAsManyAsTheSmallestMtuCarries) {
  EXPECT_EQ(frame_of({}, {}).size(), 14U + 40 + 24);
  const std::vector<base::IpPrefix> many(kMaxAdvertisedPrefixes, {IpAddress::parse("2001:db8::1").value(), 64});
  EXPECT_LE(frame_of({}, many).size(), 14U + 1280);
}

}  // namespace
}  // namespace tandem::vrrpd::packet
