// SPDX-License-Identifier: Apache-2.0
#include "lib/net/ancillary.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <time.h>

#include <array>
#include <cstring>

namespace tandem::net {
namespace {

class AncillaryTest : public ::testing::Test {
 protected:
  template <class T>
  void add(int level, int type, const T& value, std::size_t length = sizeof(T)) {
    cmsghdr header{};
    header.cmsg_len = CMSG_LEN(length);
    header.cmsg_level = level;
    header.cmsg_type = type;
    std::memcpy(control_.data() + used_, &header, sizeof(header));
    std::memcpy(control_.data() + used_ + CMSG_LEN(0), &value, length);
    used_ += CMSG_SPACE(length);
  }
  Ancillary read() {
    msghdr message{};
    message.msg_control = control_.data();
    message.msg_controllen = used_;
    return ancillary_of(message);
  }

  alignas(cmsghdr) std::array<std::uint8_t, 256> control_{};
  std::size_t used_ = 0;
};

TEST_F(AncillaryTest, IsEmptyWithoutOptions) {
  const Ancillary nothing = read();
  EXPECT_FALSE(nothing.received);
  EXPECT_FALSE(nothing.destination);
  EXPECT_EQ(nothing.interface, base::kNoInterface);
  EXPECT_EQ(nothing.hop_limit, 0);
}

TEST_F(AncillaryTest, HasWhatTheKernelSaysOfAnIpv6Packet) {
  in6_pktinfo info{};
  info.ipi6_ifindex = 7;
  info.ipi6_addr.s6_addr[0] = 0xff;
  info.ipi6_addr.s6_addr[1] = 0x02;
  info.ipi6_addr.s6_addr[15] = 0x12;
  add(SOL_SOCKET, SCM_TIMESTAMPNS, timespec{.tv_sec = 3, .tv_nsec = 5});
  add(IPPROTO_IPV6, IPV6_PKTINFO, info);
  add(IPPROTO_IPV6, IPV6_HOPLIMIT, 255);
  const Ancillary about = read();
  EXPECT_EQ(about.received, std::chrono::seconds(3) + std::chrono::nanoseconds(5));
  EXPECT_EQ(about.interface, base::IfIndex{7});
  EXPECT_EQ(about.destination, *base::IpAddress::parse("ff02::12"));
  EXPECT_EQ(about.hop_limit, 255);
}

TEST_F(AncillaryTest, HasTheInterfaceOfAnIpv4Packet) {
  in_pktinfo info{};
  info.ipi_ifindex = 4;
  add(IPPROTO_IP, IP_PKTINFO, info);
  EXPECT_EQ(read().interface, base::IfIndex{4});
}

TEST_F(AncillaryTest, IgnoresWhatItDoesNotKnowAndWhatIsTooShort) {
  add(SOL_SOCKET, SCM_RIGHTS, 3);
  add(SOL_SOCKET, SCM_TIMESTAMPNS, timespec{.tv_sec = 3, .tv_nsec = 5}, 8);
  add(IPPROTO_IPV6, IPV6_HOPLIMIT, 64);
  const Ancillary about = read();
  EXPECT_FALSE(about.received);
  EXPECT_EQ(about.hop_limit, 64);
}

}  // namespace
}  // namespace tandem::net
