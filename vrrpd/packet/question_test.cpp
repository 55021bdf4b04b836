// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/packet/question.h"

#include <gtest/gtest.h>

#include "lib/base/wire.h"
#include "vrrpd/packet/checksum.h"

namespace tandem::vrrpd::packet {
namespace {

using base::MacAddress;

const MacAddress kVirtual{{0x00, 0x00, 0x5e, 0x00, 0x01, 0x05}};
const MacAddress kOther{{0x02, 0, 0, 0, 0, 0x07}};
const IpAddress kAddress6 = *IpAddress::parse("2001:db8::12:3456");

std::vector<std::uint8_t> copy(base::Bytes bytes) { return {bytes.begin(), bytes.end()}; }

TEST(Question, Ipv4IsAnArpRequest) {
  FrameBuffer buffer{};
  const auto frame =
      copy(question_frame({IpAddress::v4(10, 10, 10, 16), IpAddress::v4(10, 10, 10, 254), kVirtual}, kVirtual, buffer));
  const std::vector<std::uint8_t> expected{0x00, 0x00, 0x5e, 0x00, 0x01, 0x05, 0x00, 0x00, 0x5e, 0x00, 0x01,
                                           0x05, 0x08, 0x06, 0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x01,
                                           0x00, 0x00, 0x5e, 0x00, 0x01, 0x05, 10,   10,   10,   254,  0,
                                           0,    0,    0,    0,    0,    10,   10,   10,   16};
  EXPECT_EQ(frame, expected);
}

TEST(Question, Ipv6GoesToTheSolicitedNodeGroupWithHopLimit255) {
  FrameBuffer buffer{};
  const IpAddress sender = *IpAddress::parse("fe80::1");
  const auto frame = copy(question_frame({kAddress6, sender, kOther}, group_mac(kAddress6), buffer));
  ASSERT_EQ(frame.size(), 14U + 40U + 32U);
  const base::Bytes bytes(frame);
  EXPECT_EQ(copy(bytes.first(6)), (std::vector<std::uint8_t>{0x33, 0x33, 0xff, 0x12, 0x34, 0x56}));
  EXPECT_EQ(frame[21], 255);
  const IpAddress group = IpAddress::from_bytes(bytes.subspan(38, 16));
  EXPECT_EQ(group.to_string(), "ff02::1:ff12:3456");
  EXPECT_EQ(IpAddress::from_bytes(bytes.subspan(62, 16)), kAddress6);
  EXPECT_EQ(copy(bytes.subspan(78)), (std::vector<std::uint8_t>{1, 1, 0x02, 0, 0, 0, 0, 0x07}));
  base::InternetChecksum sum;
  sum.add(bytes.subspan(54));
  add_pseudoheader(sum, sender, group, 58, 32);
  EXPECT_EQ(sum.value(), 0);
}

TEST(Question, ArpRepliesAreAnswersAndRequestsAreNot) {
  FrameBuffer buffer{};
  auto frame =
      copy(question_frame({IpAddress::v4(10, 10, 10, 15), IpAddress::v4(10, 10, 10, 16), kOther}, kVirtual, buffer));
  EXPECT_FALSE(decode_answer(frame));
  frame[21] = 2;  // reply
  const auto answer = decode_answer(frame);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->address, IpAddress::v4(10, 10, 10, 16));
  EXPECT_EQ(answer->to, kVirtual);
  EXPECT_EQ(answer->from, kOther);
}

TEST(Question, NeighbourAdvertisementsAreAnswersAndSolicitationsAreNot) {
  FrameBuffer buffer{};
  EXPECT_FALSE(decode_answer(question_frame({kAddress6, kAddress6, kOther}, kVirtual, buffer)));
  const auto answer = decode_answer(neighbour_advertisement_frame(kAddress6, kOther, buffer));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->address, kAddress6);
  EXPECT_EQ(answer->from, kOther);
}

TEST(Question, NoPartOfAFrameIsAnAnswer) {
  FrameBuffer buffer{};
  auto reply = copy(question_frame({IpAddress::v4(1, 2, 3, 4), IpAddress::v4(1, 2, 3, 5), kOther}, kVirtual, buffer));
  reply[21] = 2;
  for (std::size_t size = 0; size < 32; ++size) {
    EXPECT_FALSE(decode_answer(base::Bytes(reply).first(size)));
  }
  const auto advertisement = copy(neighbour_advertisement_frame(kAddress6, kOther, buffer));
  for (std::size_t size = 0; size < 78; ++size) {
    EXPECT_FALSE(decode_answer(base::Bytes(advertisement).first(size)));
  }
}

}  // namespace
}  // namespace tandem::vrrpd::packet
