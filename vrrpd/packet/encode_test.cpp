// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "vrrpd/packet/testing.h"

namespace tandem::vrrpd::packet {
namespace {

using namespace testing;
using base::Centiseconds;

TEST(WireIntervalTest, V2HasWholeSeconds) {
  EXPECT_EQ(wire_interval(Version::v2, Centiseconds(1)), std::chrono::seconds(1));
  EXPECT_EQ(wire_interval(Version::v2, Centiseconds(100)), std::chrono::seconds(1));
  EXPECT_EQ(wire_interval(Version::v2, Centiseconds(101)), std::chrono::seconds(2));
  EXPECT_EQ(wire_interval(Version::v2, std::chrono::seconds(1000)), std::chrono::seconds(255));
}

TEST(WireIntervalTest, V3HasTwelveBitsOfCentiseconds) {
  EXPECT_EQ(wire_interval(Version::v3, Centiseconds(0)), Centiseconds(1));
  EXPECT_EQ(wire_interval(Version::v3, Centiseconds(4095)), Centiseconds(4095));
  EXPECT_EQ(wire_interval(Version::v3, Centiseconds(5000)), Centiseconds(4095));
}

rc::Gen<IpAddress> address_of(Family family) {
  return rc::gen::map(
      rc::gen::container<std::vector<std::uint8_t>>(IpAddress::size_of(family), rc::gen::arbitrary<std::uint8_t>()),
      [](const Buffer& bytes) { return IpAddress::from_bytes(bytes); });
}

std::vector<IpAddress> any_addresses(Family family) {
  const auto count = *rc::gen::inRange<std::size_t>(1, 256);
  auto addresses = *rc::gen::container<std::vector<IpAddress>>(count, address_of(family));
  if (family == Family::ipv6) {
    addresses[0] = ip("fe80::1");
  }
  return addresses;
}

void check_round_trip(Version version, Family family) {
  const auto form = *rc::gen::element(ChecksumForm::pseudoheader, ChecksumForm::message_only);
  const IpInfo info{*address_of(family), multicast_group(family), kRequiredTtl};
  const auto unit = version == Version::v2 ? Centiseconds(100) : Centiseconds(1);
  const Advertisement sent{.version = version,
                           .vrid = Vrid(*rc::gen::inRange(1U, 256U)),
                           .priority = *rc::gen::arbitrary<std::uint8_t>(),
                           .interval = unit * *rc::gen::inRange(1, version == Version::v2 ? 256 : 4096),
                           .checksum = form};
  const auto addresses = any_addresses(family);
  const Buffer message = encoded(sent, info, addresses);
  const auto received = decode(info, message);
  RC_ASSERT(received.has_value());
  RC_ASSERT(received->fields.version == sent.version);
  RC_ASSERT(received->fields.vrid == sent.vrid);
  RC_ASSERT(received->fields.priority == sent.priority);
  RC_ASSERT(received->fields.interval == sent.interval);
  RC_ASSERT(to_vector(received->addresses) == addresses);
  if (version == Version::v3 && family == Family::ipv4) {  // elsewhere there is one form only
    // Both forms may be the same bytes; then the pseudo-header is reported.
    RC_ASSERT(received->fields.checksum == sent.checksum || received->fields.checksum == ChecksumForm::pseudoheader);
  }
}

RC_GTEST_PROP(RoundTripTest, V2OverIpv4, ()) { check_round_trip(Version::v2, Family::ipv4); }
RC_GTEST_PROP(RoundTripTest, V3OverIpv4, ()) { check_round_trip(Version::v3, Family::ipv4); }
RC_GTEST_PROP(RoundTripTest, V3OverIpv6, ()) { check_round_trip(Version::v3, Family::ipv6); }

// The decoder terminates for every input. A message that it accepts encodes to the same bytes again, except for
// reserved bits and the v2 trailer.
RC_GTEST_PROP(RandomBytesTest, NeverHarmTheDecoder, (const Buffer& noise)) {
  Buffer message = noise;
  if (message.size() >= 8) {  // to get past the first check
    message[0] = *rc::gen::element<std::uint8_t>(0x21, 0x31);
    message[3] = static_cast<std::uint8_t>((message.size() - 8) / 4);
  }
  const auto received = decode(from("10.0.0.1"), message);
  if (received) {
    RC_ASSERT(message.size() == encoded_size(received->fields.version, Family::ipv4, received->addresses.size()));
  } else {
    RC_ASSERT(static_cast<std::size_t>(received.error().reason) < kDropCount);
  }
  RC_ASSERT(decode_ipv4(noise).has_value() || !decode_ipv4(noise).error().vrid || noise.size() > 20);
}

}  // namespace
}  // namespace tandem::vrrpd::packet
