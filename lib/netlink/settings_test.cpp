// SPDX-License-Identifier: Apache-2.0
#include "lib/netlink/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "lib/netlink/decode.h"

namespace tandem::netlink {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Octets = std::vector<std::uint8_t>;

Octets joined(std::initializer_list<Octets> parts) {
  Octets all;
  for (const Octets& part : parts) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

template <class T>
Octets bytes_of(const T& value) {
  Octets bytes(sizeof value);
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

Octets attribute(int type, const Octets& payload) {
  const rtattr header{.rta_len = static_cast<unsigned short>(sizeof(rtattr) + payload.size()),
                      .rta_type = static_cast<unsigned short>(type)};
  Octets bytes = joined({bytes_of(header), payload});
  bytes.resize((bytes.size() + 3) / 4 * 4);
  return bytes;
}

Octets numbers(std::initializer_list<std::int32_t> values) {
  Octets bytes;
  for (const std::int32_t value : values) {
    bytes = joined({bytes, bytes_of(value)});
  }
  return bytes;
}

// As the kernel sends them: IPv4's first setting has the number 1, IPv6's the number 0.
Octets families(const Octets& ipv4, const Octets& ipv6) {
  return attribute(IFLA_AF_SPEC, joined({attribute(AF_INET, attribute(IFLA_INET_CONF, ipv4)),
                                         attribute(AF_INET6, joined({attribute(IFLA_INET6_FLAGS, numbers({7})),
                                                                     attribute(IFLA_INET6_CONF, ipv6)}))}));
}

TEST(Settings, AreReadOfBothFamiliesAmongOtherAttributes) {
  const Octets bytes =
      joined({attribute(IFLA_MTU, numbers({1500})), families(numbers({1, -2}), numbers({0, 64, 1280})), {}});
  const LinkSettings settings = decode_settings(bytes);
  EXPECT_THAT(settings.ipv4, ElementsAre(1, -2));
  EXPECT_THAT(settings.ipv6, ElementsAre(0, 64, 1280));
}

TEST(Settings, AreFoundByTheirName) {
  LinkSettings settings;
  settings.ipv4.assign(IPV4_DEVCONF_MAX, 0);
  settings.ipv6.assign(DEVCONF_MAX, 0);
  settings.ipv4.at(IPV4_DEVCONF_RP_FILTER - 1) = 2;
  settings.ipv6.at(DEVCONF_DISABLE_IPV6) = 1;
  EXPECT_EQ(value_of(settings, "ipv4/rp_filter"), 2);
  EXPECT_EQ(value_of(settings, "ipv6/disable_ipv6"), 1);
  EXPECT_EQ(value_of(settings, "ipv4/arp_ignore"), 0);
  EXPECT_EQ(value_of(settings, "ipv4/no_such_setting"), std::nullopt);
  EXPECT_EQ(value_of(settings, ""), std::nullopt);
  for (const std::string_view key : setting_keys()) {
    EXPECT_TRUE(value_of(settings, key).has_value()) << key;
  }
}

// An older kernel, or an interface without IPv6.
TEST(Settings, ThatTheKernelDoesNotHaveHaveNoValue) {
  LinkSettings settings;
  settings.ipv4.assign(IPV4_DEVCONF_RP_FILTER - 1, 9);  // all before it
  EXPECT_EQ(value_of(settings, "ipv4/rp_filter"), std::nullopt);
  settings.ipv4.push_back(2);
  EXPECT_EQ(value_of(settings, "ipv4/rp_filter"), 2);
  EXPECT_EQ(value_of(settings, "ipv6/disable_ipv6"), std::nullopt);
}

TEST(Settings, OfAnUnknownFamilyOrKindAreLeftOut) {
  constexpr int kUnknown = 200;
  const Octets unknown = attribute(IFLA_AF_SPEC, joined({attribute(kUnknown, attribute(IFLA_INET_CONF, numbers({1}))),
                                                         attribute(AF_INET, attribute(kUnknown, numbers({2}))),
                                                         attribute(AF_INET6, attribute(kUnknown, {}))}));
  EXPECT_THAT(decode_settings(unknown).ipv4, IsEmpty());
  EXPECT_THAT(decode_settings(unknown).ipv6, IsEmpty());
  const Octets elsewhere = attribute(kUnknown, attribute(AF_INET, attribute(IFLA_INET_CONF, numbers({3}))));
  EXPECT_THAT(decode_settings(elsewhere).ipv4, IsEmpty());
}

// A number is four bytes: what is left over belongs to none.
TEST(Settings, OfASizeThatIsNoMultipleOfFourEndWithTheLastWholeNumber) {
  for (std::size_t more = 0; more < 4; ++more) {
    Octets values = numbers({5, 6});
    values.resize(values.size() + more, 0xff);
    EXPECT_THAT(decode_settings(families(values, {})).ipv4, ElementsAre(5, 6)) << more;
    EXPECT_THAT(decode_settings(families({}, values)).ipv6, ElementsAre(5, 6)) << more;
  }
  EXPECT_THAT(decode_settings(families({1, 2, 3}, {})).ipv4, IsEmpty());
  EXPECT_THAT(decode_settings(families({}, {})).ipv6, IsEmpty());
}

// Cut anywhere, what was read is the beginning of what there was. The vector has exactly these bytes: a read beyond
// them is an error of the sanitizer.
TEST(Settings, OfATruncatedMessageAreThoseBeforeItsEnd) {
  const Octets whole = families(numbers({1, 2, 3}), numbers({4, 5}));
  const LinkSettings all = decode_settings(whole);
  ASSERT_THAT(all.ipv4, SizeIs(3));
  ASSERT_THAT(all.ipv6, SizeIs(2));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const LinkSettings settings = decode_settings(Octets(whole.begin(), whole.begin() + static_cast<long>(size)));
    EXPECT_THAT(settings.ipv4, IsEmpty()) << size << ": the outer attribute says that it is longer";
    EXPECT_THAT(settings.ipv6, IsEmpty()) << size;
  }
}

// The lengths of the attributes within do not agree with those around them.
TEST(Settings, WithADamagedLengthAreLeftOut) {
  const Octets whole = families(numbers({1, 2, 3}), numbers({4, 5}));
  const std::size_t inner = 2 * sizeof(rtattr);  // IFLA_INET_CONF
  for (const std::uint16_t length : std::initializer_list<std::uint16_t>{0, 1, 3, 17, 0xffff}) {
    Octets damaged = whole;
    std::memcpy(&damaged.at(inner), &length, sizeof length);
    EXPECT_THAT(decode_settings(damaged).ipv4, IsEmpty()) << length;
    EXPECT_THAT(decode_settings(damaged).ipv6, ElementsAre(4, 5)) << length << ": the other family is whole";
  }
}

TEST(Settings, AreDecodedOfALinkIfAskedFor) {
  const Octets attributes = joined({attribute(IFLA_IFNAME, {'e', 't', 'h', '1', 0}), families(numbers({1}), {})});
  ifinfomsg link{};  // AF_UNSPEC
  link.ifi_index = 2;
  const nlmsghdr header{.nlmsg_len = static_cast<std::uint32_t>(sizeof(nlmsghdr) + sizeof link + attributes.size()),
                        .nlmsg_type = RTM_NEWLINK,
                        .nlmsg_flags = 0,
                        .nlmsg_seq = 1,
                        .nlmsg_pid = 0};
  const Octets datagram = joined({bytes_of(header), bytes_of(link), attributes});
  const std::vector<Decoded> asked = decode(datagram, Detail::settings);
  ASSERT_THAT(asked, SizeIs(1));
  EXPECT_THAT(asked[0].settings.ipv4, ElementsAre(1));
  const std::vector<Decoded> usual = decode(datagram);
  ASSERT_THAT(usual, SizeIs(1));
  EXPECT_THAT(usual[0].settings.ipv4, IsEmpty());
}

}  // namespace
}  // namespace tandem::netlink
