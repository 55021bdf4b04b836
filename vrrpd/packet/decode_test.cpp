// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <functional>

#include "vrrpd/packet/testing.h"

namespace tandem::vrrpd::packet {
namespace {

using namespace testing;
using base::Centiseconds;

// The reason of the refusal; nullopt if the message was accepted.
std::optional<Drop> drop_of(const IpInfo& info, base::Bytes message) {
  const auto received = decode(info, message);
  return received ? std::nullopt : std::optional(received.error().reason);
}
std::optional<Drop> drop_of_packet(base::Bytes packet) {
  const auto received = decode_ipv4(packet);
  return received ? std::nullopt : std::optional(received.error().reason);
}

constexpr Advertisement kV2{Version::v2, Vrid(5), 100, std::chrono::seconds(1), ChecksumForm::message_only};
constexpr Advertisement kV3{Version::v3, Vrid(5), 100, Centiseconds(100), ChecksumForm::pseudoheader};

Buffer v2_message() { return encoded(kV2, from("10.0.0.1"), ips({"10.0.0.16", "10.0.0.17"})); }
Buffer v3_message() { return encoded(kV3, from("10.0.0.1"), ips({"10.0.0.16", "10.0.0.17"})); }
Buffer v6_message() { return encoded(kV3, from("fe80::1"), ips({"fe80::10", "2001:db8::fe"})); }

struct Sample {
  const char* name;
  IpInfo info;
  Buffer message;
};
std::vector<Sample> samples() {
  Advertisement message_only = kV3;
  message_only.checksum = ChecksumForm::message_only;
  return {{"V2", from("10.0.0.1"), v2_message()},
          {"V3", from("10.0.0.1"), v3_message()},
          {"V3MessageOnly", from("10.0.0.1"), encoded(message_only, from("10.0.0.1"), ips({"10.0.0.16"}))},
          {"V6", from("fe80::1"), v6_message()}};
}

class EachKindTest : public ::testing::TestWithParam<Sample> {};
INSTANTIATE_TEST_SUITE_P(Kinds, EachKindTest, ::testing::ValuesIn(samples()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST_P(EachKindTest, IsAcceptedUnchanged) { EXPECT_EQ(drop_of(GetParam().info, GetParam().message), std::nullopt); }

// R21.
TEST_P(EachKindTest, EveryTruncationIsRefusedForItsLength) {
  const Buffer& message = GetParam().message;
  for (std::size_t size = 0; size < message.size(); ++size) {
    const Buffer cut(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(drop_of(GetParam().info, cut), size < 8 ? Drop::too_short : Drop::length) << size << " bytes";
  }
}

TEST_P(EachKindTest, TrailingBytesAreRefused) {
  Buffer message = GetParam().message;
  message.push_back(0);
  EXPECT_EQ(drop_of(GetParam().info, message), Drop::length);
}

// R22.
TEST_P(EachKindTest, EveryFlippedBitOfTheChecksumIsNoticed) {
  for (std::size_t bit = 0; bit < 16; ++bit) {
    Buffer message = GetParam().message;
    message[6 + bit / 8] = static_cast<std::uint8_t>(message[6 + bit / 8] ^ (1U << (bit % 8)));
    EXPECT_EQ(drop_of(GetParam().info, message), Drop::checksum) << "bit " << bit;
  }
}

// The checks refuse every message with one flipped bit.
TEST_P(EachKindTest, EveryFlippedBitOfTheMessageIsNoticed) {
  for (std::size_t bit = 0; bit < GetParam().message.size() * 8; ++bit) {
    Buffer message = GetParam().message;
    message[bit / 8] = static_cast<std::uint8_t>(message[bit / 8] ^ (1U << (bit % 8)));
    EXPECT_NE(drop_of(GetParam().info, message), std::nullopt) << "bit " << bit;
  }
}

// R17, R18.
TEST_P(EachKindTest, OnlyTtl255IsAccepted) {
  for (int ttl = 0; ttl < 255; ++ttl) {
    IpInfo info = GetParam().info;
    info.ttl = static_cast<std::uint8_t>(ttl);
    EXPECT_EQ(drop_of(info, GetParam().message), Drop::ttl) << ttl;
  }
}

// R19, R20: also version 2 over IPv6, and each version with each type.
TEST_P(EachKindTest, UnknownVersionsAndTypesAreRefused) {
  const unsigned own = GetParam().message[0] >> 4U;
  for (unsigned first = 0; first < 256; ++first) {
    const unsigned version = first >> 4U;
    const unsigned type = first & 15U;
    if (version == own && type == 1) {
      continue;
    }
    Buffer message = GetParam().message;
    message[0] = static_cast<std::uint8_t>(first);
    const bool known = version == 3 || (version == 2 && GetParam().info.source.family() == Family::ipv4);
    const Drop expected = !known ? Drop::version : type != 1 ? Drop::type : Drop::length;
    EXPECT_EQ(drop_of(GetParam().info, message), expected) << "first byte " << first;
  }
}

// Corrects the checksum of a changed message, so that it reaches a later check.
Buffer resealed(const IpInfo& info, Buffer message) {
  message[6] = message[7] = 0;
  base::InternetChecksum sum;
  sum.add(message);
  if (info.source.family() == Family::ipv6) {
    sum.add(info.source.bytes());
    sum.add(info.destination.bytes());
    sum.add_u16(112);
    sum.add_u16(static_cast<std::uint16_t>(message.size()));
  }
  base::Writer(base::MutableBytes(message).subspan(6)).u16(sum.value());
  return message;
}

Buffer with(const IpInfo& info, Buffer message, const std::function<void(Buffer&)>& change) {
  change(message);
  return resealed(info, std::move(message));
}

TEST(DecodeTest, RefusesWhatIsNotSentToTheGroup) {
  IpInfo info = from("10.0.0.1");
  for (const char* destination : {"10.0.0.2", "224.0.0.5", "255.255.255.255"}) {
    info.destination = ip(destination);
    EXPECT_EQ(drop_of(info, v3_message()), Drop::destination) << destination;
  }
}

TEST(DecodeTest, RefusesEveryAuthenticationTypeButNone) {
  const IpInfo info = from("10.0.0.1");
  for (unsigned type = 1; type < 256; ++type) {
    const Buffer message = with(info, v2_message(), [&](Buffer& b) { b[4] = static_cast<std::uint8_t>(type); });
    EXPECT_EQ(drop_of(info, message), Drop::auth_type) << type;
  }
}

// R29, RFC 3768 §5.3.10.
TEST(DecodeTest, IgnoresTheContentOfTheAuthenticationTrailer) {
  const IpInfo info = from("10.0.0.1");
  EXPECT_EQ(drop_of(info, with(info, v2_message(), [](Buffer& b) { b.back() = 0x5a; })), std::nullopt);
}

TEST(DecodeTest, RefusesVrid0) {
  const IpInfo info = from("10.0.0.1");
  const Buffer message = with(info, v3_message(), [](Buffer& b) { b[1] = 0; });
  const auto received = decode(info, message);
  ASSERT_FALSE(received.has_value());
  EXPECT_EQ(received.error().reason, Drop::unknown_vrid);
  EXPECT_EQ(received.error().vrid, std::nullopt);
}

// R25, erratum 8299.
TEST(DecodeTest, RefusesAnEmptyAddressList) {
  EXPECT_EQ(drop_of(from("10.0.0.1"), encoded(kV3, from("10.0.0.1"), {})), Drop::address_count_zero);
  EXPECT_EQ(drop_of(from("10.0.0.1"), encoded(kV2, from("10.0.0.1"), {})), Drop::address_count_zero);
  EXPECT_EQ(drop_of(from("fe80::1"), encoded(kV3, from("fe80::1"), {})), Drop::address_count_zero);
}

// R26, erratum 8301: a flood guard, also where only the reserved bits are set.
TEST(DecodeTest, RefusesAnIntervalOfZero) {
  const IpInfo info = from("10.0.0.1");
  EXPECT_EQ(drop_of(info, with(info, v3_message(), [](Buffer& b) { b[4] = b[5] = 0; })), Drop::interval_zero);
  EXPECT_EQ(drop_of(info, with(info, v3_message(), [](Buffer& b) { b[4] = 0xf0, b[5] = 0; })), Drop::interval_zero);
  EXPECT_EQ(drop_of(info, with(info, v2_message(), [](Buffer& b) { b[5] = 0; })), Drop::interval_zero);
}

// R28.
TEST(DecodeTest, IgnoresTheReservedBits) {
  const IpInfo info = from("10.0.0.1");
  const Buffer message = with(info, v3_message(), [](Buffer& b) { b[4] |= 0xf0; });
  const auto received = decode(info, message);
  ASSERT_TRUE(received.has_value());
  EXPECT_EQ(received->fields.interval, Centiseconds(100));
}

// R27, erratum 8300.
TEST(DecodeTest, WantsALinkLocalFirstIpv6Address) {
  EXPECT_EQ(drop_of(from("fe80::1"), encoded(kV3, from("fe80::1"), ips({"2001:db8::fe", "fe80::10"}))),
            Drop::first_address);
}

TEST(DecodeTest, ReportsTheFormOfTheChecksum) {
  const IpInfo info = from("10.0.0.1");
  for (const ChecksumForm form : {ChecksumForm::pseudoheader, ChecksumForm::message_only}) {
    Advertisement fields = kV3;
    fields.checksum = form;
    const Buffer message = encoded(fields, info, ips({"10.0.0.16"}));
    const auto received = decode(info, message);
    ASSERT_TRUE(received.has_value());
    EXPECT_EQ(received->fields.checksum, form);
  }
}

// The sum of this pseudo-header is 0xffff, that is zero: both forms are the same bytes.
TEST(DecodeTest, ReportsThePseudoheaderIfBothFormsVerify) {
  base::InternetChecksum rest;
  rest.add(multicast_group(Family::ipv4).bytes());
  rest.add_u16(112);
  rest.add_u16(12);
  rest.add(ip("10.0.0.0").bytes().first(2));
  const std::uint16_t low = rest.value();
  const IpInfo info{IpAddress::v4(10, 0, static_cast<std::uint8_t>(low >> 8), static_cast<std::uint8_t>(low)),
                    multicast_group(Family::ipv4), kRequiredTtl};
  Advertisement message_only = kV3;
  message_only.checksum = ChecksumForm::message_only;
  const Buffer message = encoded(message_only, info, ips({"10.0.0.16"}));
  ASSERT_EQ(message, encoded(kV3, info, ips({"10.0.0.16"})));
  const auto received = decode(info, message);
  ASSERT_TRUE(received.has_value());
  EXPECT_EQ(received->fields.checksum, ChecksumForm::pseudoheader);
}

// A peer that omits the pseudo-header over IPv6 or adds one in v2 violates the RFCs.
TEST(DecodeTest, KnowsOnlyOneFormOutsideV3OverIpv4) {
  Buffer v6 = v6_message();
  v6[6] = v6[7] = 0;
  base::InternetChecksum sum;
  sum.add(v6);
  base::Writer(base::MutableBytes(v6).subspan(6)).u16(sum.value());
  EXPECT_EQ(drop_of(from("fe80::1"), v6), Drop::checksum);
}

// X1: CARP looks like VRRP version 2, type 1, with 7 addresses; its 36 bytes do not fit.
TEST(DecodeTest, RefusesCarpForItsLength) {
  Buffer carp(36);
  carp[0] = 0x21;
  carp[1] = 5;
  carp[3] = 7;
  carp[5] = 1;
  const auto received = decode(from("10.0.0.1"), resealed(from("10.0.0.1"), carp));
  ASSERT_FALSE(received.has_value());
  EXPECT_EQ(received.error().reason, Drop::length);
}

TEST(DecodeTest, NamesTheVirtualRouterOfAMessageItRefuses) {
  const auto vrid_of = [](const Buffer& message) { return decode(from("10.0.0.1"), message).error().vrid; };
  EXPECT_EQ(vrid_of(hex("")), std::nullopt);
  EXPECT_EQ(vrid_of(hex("31")), std::nullopt);
  EXPECT_EQ(vrid_of(hex("3107")), Vrid(7));
  EXPECT_EQ(vrid_of(hex("2107640000000000")), Vrid(7));
  EXPECT_EQ(vrid_of(hex("4507640000000000")), std::nullopt) << "this is no VRRP";
}

TEST(DecodeIpv4Test, ReadsSourceTtlAndMessage) {
  const auto info = from("10.0.0.1");
  const Buffer packet = ipv4_packet(info, v3_message());
  const auto received = decode_ipv4(packet);
  ASSERT_TRUE(received.has_value());
  EXPECT_EQ(received->source, info.source);
  EXPECT_EQ(received->fields.vrid, Vrid(5));
  IpInfo far = info;
  far.ttl = 254;
  EXPECT_EQ(drop_of_packet(ipv4_packet(far, v3_message())), Drop::ttl);
}

// X2.
TEST(DecodeIpv4Test, StepsOverIpOptions) {
  for (const std::size_t size : {4U, 8U, 40U}) {
    EXPECT_EQ(drop_of_packet(ipv4_packet(from("10.0.0.1"), v3_message(), Buffer(size, 1))), std::nullopt) << size;
  }
}

// X4: a 12 byte message is padded to 60 bytes of Ethernet.
TEST(DecodeIpv4Test, IgnoresPaddingBeyondTheTotalLength) {
  Buffer packet = ipv4_packet(from("10.0.0.1"), v3_message());
  packet.resize(packet.size() + 14, 0xa5);
  EXPECT_EQ(drop_of_packet(packet), std::nullopt);
}

TEST(DecodeIpv4Test, RefusesADamagedIpHeader) {
  const Buffer good = ipv4_packet(from("10.0.0.1"), v3_message());
  struct Case {
    const char* what;
    std::size_t offset;
    std::uint8_t value;
  };
  for (const Case& c : {Case{"header shorter than 20 bytes", 0, 0x44}, Case{"header longer than the packet", 0, 0x4f},
                        Case{"IP version 6", 0, 0x65}, Case{"total length below the header", 3, 19},
                        Case{"total length beyond the packet", 2, 1}, Case{"a first fragment", 6, 0x20},
                        Case{"a later fragment", 7, 1}, Case{"another protocol", 9, 17}}) {
    Buffer packet = good;
    packet[c.offset] = c.value;
    EXPECT_EQ(drop_of_packet(packet), Drop::ip_header) << c.what;
  }
}

TEST(DecodeIpv4Test, RefusesEveryTruncation) {
  const Buffer good = ipv4_packet(from("10.0.0.1"), v3_message());
  for (std::size_t size = 0; size < good.size(); ++size) {
    const Buffer cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(drop_of_packet(cut), Drop::ip_header) << size;
  }
}

TEST(DropTest, EachReasonHasItsOwnNameAndCounter) {
  std::vector<std::string_view> names;
  DropCounters counters;
  for (std::size_t i = 0; i < kDropCount; ++i) {
    names.push_back(info(static_cast<Drop>(i)).name);
    EXPECT_FALSE(info(static_cast<Drop>(i)).description.empty());
    counters.count(static_cast<Drop>(i));
    EXPECT_EQ(counters[static_cast<Drop>(i)], 1U);
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
  EXPECT_EQ(counters.total(), kDropCount);
  EXPECT_EQ(info(Drop::ip_header).name, "ipHeader");
  EXPECT_EQ(info(Drop::address_list).name, "addressList");
}

}  // namespace
}  // namespace tandem::vrrpd::packet
