// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/packet/frame.h"

#include <gtest/gtest.h>

#include "vrrpd/packet/testing.h"

namespace tandem::vrrpd::packet {
namespace {

using namespace testing;
using base::Centiseconds;

constexpr Advertisement kFields{Version::v3, Vrid(10), 200, Centiseconds(100), ChecksumForm::pseudoheader};

// R1, R2, R4, R6, and the golden message of Appendix A.
TEST(AdvertisementFrameTest, Ipv4) {
  FrameBuffer buffer;
  const auto frame = advertisement_frame(kFields, ip("192.0.2.1"), ips({"192.0.2.254"}), buffer);
  const std::string expected =
      "01005e000012 00005e00010a 0800"
      "45c00020 00004000 ff70 d899 c0000201 e0000012"
      "310ac8010064a100c00002fe";
  EXPECT_EQ(to_hex(frame), to_hex(hex(expected)));
  base::InternetChecksum header;
  header.add(frame.subspan(14, 20));
  EXPECT_EQ(header.value(), 0);
  EXPECT_TRUE(decode_ipv4(frame.subspan(14)).has_value());
}

// R3, R5.
TEST(AdvertisementFrameTest, Ipv6) {
  FrameBuffer buffer;
  const auto frame = advertisement_frame(kFields, ip("fe80::1"), ips({"fe80::10", "2001:db8::fe"}), buffer);
  const std::string expected =
      "333300000012 00005e00020a 86dd"
      "6c000000 0028 70 ff fe800000000000000000000000000001 ff020000000000000000000000000012"
      "310ac8020064db17 fe800000000000000000000000000010 20010db80000000000000000000000fe";
  EXPECT_EQ(to_hex(frame), to_hex(hex(expected)));
}

TEST(AdvertisementFrameTest, HasRoomForTheLongestList) {
  FrameBuffer buffer;
  const std::vector<IpAddress> longest(255, ip("fe80::10"));
  EXPECT_EQ(advertisement_frame(kFields, ip("fe80::1"), longest, buffer).size(), kMaxFrameSize);
}

// R78, R79.
TEST(GratuitousArpTest, HasTheVirtualMacInBothHardwareAddresses) {
  FrameBuffer buffer;
  const auto frame = gratuitous_arp_frame(ip("192.0.2.254"), virtual_mac(Vrid(10), Family::ipv4), buffer);
  EXPECT_EQ(to_hex(frame), to_hex(hex("ffffffffffff 00005e00010a 0806 0001 0800 06 04 0001"
                                      "00005e00010a c00002fe 00005e00010a c00002fe")));
}

// R80.
TEST(NeighbourAdvertisementTest, HasRouterAndOverrideAndTheVirtualMac) {
  FrameBuffer buffer;
  const auto frame = neighbour_advertisement_frame(ip("fe80::10"), virtual_mac(Vrid(10), Family::ipv6), buffer);
  const std::string expected =
      "333300000001 00005e00020a 86dd"
      "6c000000 0020 3a ff fe800000000000000000000000000010 ff020000000000000000000000000001"
      "88 00 7973 a0000000 fe800000000000000000000000000010 02 01 00005e00020a";
  EXPECT_EQ(to_hex(frame), to_hex(hex(expected)));
  base::InternetChecksum sum;  // RFC 4443 §2.3
  sum.add(frame.subspan(14 + 8));
  sum.add_u16(58);
  sum.add_u16(32);
  EXPECT_EQ(sum.value(), 0);
}

}  // namespace
}  // namespace tandem::vrrpd::packet
