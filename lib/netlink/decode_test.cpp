// SPDX-License-Identifier: Apache-2.0
// The byte arrays are captured from Linux 6.18 on a little-endian machine; netlink uses the byte order of the host.
#include "lib/netlink/decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>

#include "lib/netlink/encode.h"

namespace tandem::netlink {
namespace {

using base::IfIndex;
using base::IpAddress;
using ::testing::IsEmpty;
using ::testing::SizeIs;

static_assert(std::endian::native == std::endian::little, "the captured bytes are little-endian");

// RTM_NEWLINK of a macvlan that is up; statistics and other bulk left out.
const std::vector<std::uint8_t> kMacvlanUp{
    0xa0, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x03, 0x00, 0x00, 0x00, 0x43, 0x10, 0x01, 0x00, 0x01, 0x00, 0x00, 0x00, 0x0e, 0x00, 0x03, 0x00,
    0x76, 0x72, 0x72, 0x70, 0x34, 0x2d, 0x32, 0x2d, 0x35, 0x00, 0x00, 0x00, 0x08, 0x00, 0x0d, 0x00, 0xe8, 0x03,
    0x00, 0x00, 0x05, 0x00, 0x10, 0x00, 0x06, 0x00, 0x00, 0x00, 0x08, 0x00, 0x04, 0x00, 0xdc, 0x05, 0x00, 0x00,
    0x08, 0x00, 0x1b, 0x00, 0x4d, 0x00, 0x00, 0x00, 0x0a, 0x00, 0x01, 0x00, 0x00, 0x00, 0x5e, 0x00, 0x01, 0x05,
    0x00, 0x00, 0x3c, 0x00, 0x12, 0x00, 0x0c, 0x00, 0x01, 0x00, 0x6d, 0x61, 0x63, 0x76, 0x6c, 0x61, 0x6e, 0x00,
    0x2c, 0x00, 0x02, 0x00, 0x08, 0x00, 0x01, 0x00, 0x04, 0x00, 0x00, 0x00, 0x06, 0x00, 0x02, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x08, 0x00, 0x06, 0x00, 0x00, 0x00, 0x00, 0x00, 0x08, 0x00, 0x07, 0x00, 0xe8, 0x03, 0x00, 0x00,
    0x08, 0x00, 0x08, 0x00, 0xe8, 0x03, 0x00, 0x00, 0x08, 0x00, 0x05, 0x00, 0x02, 0x00, 0x00, 0x00};

// RTM_NEWADDR 10.9.0.5/32.
const std::vector<std::uint8_t> kIpv4Added{
    0x54, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0xe0, 0x15, 0x01, 0x6b, 0x05, 0x45, 0x00, 0x00, 0x02,
    0x20, 0x80, 0x00, 0x03, 0x00, 0x00, 0x00, 0x08, 0x00, 0x01, 0x00, 0x0a, 0x09, 0x00, 0x05, 0x08, 0x00,
    0x02, 0x00, 0x0a, 0x09, 0x00, 0x05, 0x0e, 0x00, 0x03, 0x00, 0x76, 0x72, 0x72, 0x70, 0x34, 0x2d, 0x32,
    0x2d, 0x35, 0x00, 0x00, 0x00, 0x08, 0x00, 0x08, 0x00, 0x80, 0x00, 0x00, 0x00, 0x14, 0x00, 0x06, 0x00,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xf9, 0x82, 0x05, 0x00, 0xf9, 0x82, 0x05, 0x00};

// RTM_DELADDR 10.9.0.5/32.
const std::vector<std::uint8_t> kIpv4Removed{
    0x54, 0x00, 0x00, 0x00, 0x15, 0x00, 0x00, 0x00, 0xe0, 0x15, 0x01, 0x6b, 0x06, 0x45, 0x00, 0x00, 0x02,
    0x20, 0x80, 0x00, 0x03, 0x00, 0x00, 0x00, 0x08, 0x00, 0x01, 0x00, 0x0a, 0x09, 0x00, 0x05, 0x08, 0x00,
    0x02, 0x00, 0x0a, 0x09, 0x00, 0x05, 0x0e, 0x00, 0x03, 0x00, 0x76, 0x72, 0x72, 0x70, 0x34, 0x2d, 0x32,
    0x2d, 0x35, 0x00, 0x00, 0x00, 0x08, 0x00, 0x08, 0x00, 0x80, 0x00, 0x00, 0x00, 0x14, 0x00, 0x06, 0x00,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xf9, 0x82, 0x05, 0x00, 0xf9, 0x82, 0x05, 0x00};

// RTM_NEWADDR 2001:db8::5/128, duplicate address detection running.
const std::vector<std::uint8_t> kIpv6Tentative{
    0x48, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0a, 0x80,
    0xc0, 0x00, 0x03, 0x00, 0x00, 0x00, 0x14, 0x00, 0x01, 0x00, 0x20, 0x01, 0x0d, 0xb8, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x05, 0x14, 0x00, 0x06, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xfa, 0x82, 0x05, 0x00, 0xfa, 0x82, 0x05, 0x00, 0x08, 0x00, 0x08, 0x00, 0xc0, 0x00, 0x00, 0x00};

// NLMSG_ERROR with ENODEV.
const std::vector<std::uint8_t> kNoSuchDevice{0x24, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x01, 0x07, 0x00, 0x00, 0x00,
                                              0xd0, 0x78, 0x7d, 0x88, 0xed, 0xff, 0xff, 0xff, 0x20, 0x00, 0x00, 0x00,
                                              0x10, 0x00, 0x05, 0x00, 0x07, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00};

template <class T>
const T& only_event(const std::vector<Decoded>& decoded) {
  EXPECT_THAT(decoded, SizeIs(1));
  return std::get<T>(std::get<Event>(decoded.at(0).content));
}

// RTM_NEWLINK of eth1, which is called enp3s0 as well: IFLA_PROP_LIST with IFLA_ALT_IFNAME.
const std::vector<std::uint8_t> kOtherName{0x3c, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                           0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x02, 0x00, 0x00, 0x00,
                                           0x43, 0x10, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x09, 0x00, 0x03, 0x00,
                                           0x65, 0x74, 0x68, 0x31, 0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x34, 0x80,
                                           0x0b, 0x00, 0x35, 0x00, 0x65, 0x6e, 0x70, 0x33, 0x73, 0x30, 0x00, 0x00};

TEST(Decode, ReadsOtherNames) {
  const std::vector<Decoded> decoded = decode(kOtherName);
  const Link& link = only_event<LinkChanged>(decoded).link;
  EXPECT_EQ(link.name, "eth1");
  EXPECT_EQ(link.altnames, std::vector<std::string>{"enp3s0"});
}

TEST(Decode, ReadsMacvlan) {
  const std::vector<Decoded> decoded = decode(kMacvlanUp);
  const Link& link = only_event<LinkChanged>(decoded).link;
  EXPECT_EQ(link, (Link{.index = IfIndex{3},
                        .name = "vrrp4-2-5",
                        .mac = {{0x00, 0x00, 0x5e, 0x00, 0x01, 0x05}},
                        .admin_up = true,
                        .running = true,
                        .ethernet = true,
                        .arp = true,
                        .mtu = 1500,
                        .group = 77,
                        .parent = IfIndex{2},
                        .macvlan = Macvlan{MacvlanMode::bridge}}));
}

TEST(Decode, ReadsAddresses) {
  const Address ipv4{.interface = IfIndex{3}, .prefix = {IpAddress::v4(10, 9, 0, 5), 32}};
  EXPECT_EQ(only_event<AddressAdded>(decode(kIpv4Added)).address, ipv4);
  EXPECT_EQ(only_event<AddressRemoved>(decode(kIpv4Removed)).address, ipv4);
  EXPECT_EQ(only_event<AddressAdded>(decode(kIpv6Tentative)).address,
            (Address{.interface = IfIndex{3}, .prefix = {*IpAddress::parse("2001:db8::5"), 128}, .tentative = true}));
}

TEST(Decode, ReadsErrorAndItsRequest) {
  const std::vector<Decoded> decoded = decode(kNoSuchDevice);
  ASSERT_THAT(decoded, SizeIs(1));
  EXPECT_EQ(decoded[0].sequence, 7U);
  EXPECT_EQ(std::get<Acknowledgement>(decoded[0].content), (Acknowledgement{.error = 19, .text = ""}));
}

TEST(Decode, AnErrorThatIsNoErrnoValueIsAnErrorAllTheSame) {
  using Bytes4 = std::array<std::uint8_t, 4>;
  for (const Bytes4 number : {Bytes4{0, 0, 0, 0x80}, Bytes4{0, 0, 0xfe, 0xff}}) {  // the smallest cannot be negated
    std::vector<std::uint8_t> datagram = kNoSuchDevice;
    std::ranges::copy(number, datagram.begin() + 16);
    EXPECT_EQ(std::get<Acknowledgement>(decode(datagram).at(0).content).error, EPROTO);
  }
}

TEST(Decode, ReadsTheKernelsExplanation) {
  std::vector<std::uint8_t> datagram = kNoSuchDevice;
  const std::vector<std::uint8_t> explanation{0x08, 0x00, 0x01, 0x00, 'N', 'o', '.', 0x00};
  datagram.insert(datagram.end(), explanation.begin(), explanation.end());
  datagram[0] = static_cast<std::uint8_t>(datagram.size());
  datagram[7] = 0x03;  // NLM_F_CAPPED | NLM_F_ACK_TLVS
  const std::vector<Decoded> decoded = decode(datagram);
  ASSERT_THAT(decoded, SizeIs(1));
  EXPECT_EQ(std::get<Acknowledgement>(decoded[0].content).text, "No.");
}

TEST(Decode, ReadsSeveralMessagesOfOneDatagram) {
  std::vector<std::uint8_t> datagram = kMacvlanUp;
  datagram.insert(datagram.end(), kIpv4Added.begin(), kIpv4Added.end());
  datagram.insert(datagram.end(), kNoSuchDevice.begin(), kNoSuchDevice.end());
  EXPECT_THAT(decode(datagram), SizeIs(3));
}

TEST(Decode, LeavesOutWhatIsCutShort) {
  for (const auto* captured : {&kMacvlanUp, &kIpv4Added, &kIpv6Tentative, &kNoSuchDevice}) {
    for (std::size_t size = 0; size < captured->size(); ++size) {
      // A copy of exactly that size, so that the sanitizer sees a read beyond it.
      const std::vector<std::uint8_t> cut(captured->begin(), captured->begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_THAT(decode(cut), IsEmpty()) << size;
    }
  }
}

TEST(Decode, SurvivesWrongAttributeLengths) {
  for (const auto* captured : {&kMacvlanUp, &kIpv4Added, &kIpv6Tentative, &kNoSuchDevice}) {
    for (std::size_t position = 0; position < captured->size(); ++position) {
      for (const unsigned value : {0x00U, 0x01U, 0x03U, 0x05U, 0x7fU, 0xffU}) {
        std::vector<std::uint8_t> damaged = *captured;
        damaged[position] = static_cast<std::uint8_t>(value);
        EXPECT_LE(decode(damaged).size(), damaged.size() / 16);
      }
    }
  }
}

TEST(Decode, IgnoresAnAddressWhosePrefixIsLongerThanTheAddress) {
  std::vector<std::uint8_t> datagram = kIpv4Added;
  datagram[17] = 33;
  EXPECT_THAT(decode(datagram), IsEmpty());
}

TEST(Decode, IgnoresTheParentOfAnotherNamespace) {
  std::vector<std::uint8_t> datagram = kMacvlanUp;
  const std::vector<std::uint8_t> namespace_id{0x08, 0x00, 0x25, 0x00, 0x00, 0x00, 0x00, 0x00};  // IFLA_LINK_NETNSID
  datagram.insert(datagram.end(), namespace_id.begin(), namespace_id.end());
  datagram[0] = static_cast<std::uint8_t>(datagram.size());
  EXPECT_EQ(only_event<LinkChanged>(decode(datagram)).link.parent, base::kNoInterface);
}

TEST(Decode, ReadsTheVrfOfAPortAndOfNoOtherPort) {
  const std::vector<std::uint8_t> master{0x08, 0x00, 0x0a, 0x00, 0x09, 0x00, 0x00, 0x00};  // IFLA_MASTER
  // IFLA_LINKINFO with IFLA_INFO_SLAVE_KIND
  const std::vector<std::uint8_t> vrf{0x0c, 0x00, 0x12, 0x00, 0x08, 0x00, 0x04, 0x00, 'v', 'r', 'f', 0x00};
  const std::vector<std::uint8_t> bridge{0x10, 0x00, 0x12, 0x00, 0x0b, 0x00, 0x04, 0x00,
                                         'b',  'r',  'i',  'd',  'g',  'e',  0x00, 0x00};
  for (const auto& [kind, expected] : {std::pair(vrf, IfIndex{9}), std::pair(bridge, base::kNoInterface)}) {
    std::vector<std::uint8_t> datagram = kMacvlanUp;
    datagram.insert(datagram.end(), master.begin(), master.end());
    datagram.insert(datagram.end(), kind.begin(), kind.end());
    datagram[0] = static_cast<std::uint8_t>(datagram.size());
    const Link link = only_event<LinkChanged>(decode(datagram)).link;
    EXPECT_EQ(link.vrf, expected);
    EXPECT_EQ(link.port, expected == base::kNoInterface ? std::optional(Port{IfIndex{9}, "bridge"}) : std::nullopt);
  }
}

// The requests use the format of the notifications, so that one checks the other.

TEST(Encode, AddressRequestsSayWhatTheyMean) {
  for (const char* text : {"10.9.0.5", "2001:db8::5", "fe80::1:5"}) {
    const IpAddress address = *IpAddress::parse(text);
    Address wanted{.interface = IfIndex{7}, .prefix = {address, 24}};
    for (const std::optional<std::chrono::seconds> lifetime : {std::optional(std::chrono::seconds(10)), {}}) {
      wanted.lifetime = lifetime;
      EXPECT_EQ(only_event<AddressAdded>(decode(add_address(wanted.interface, wanted.prefix, lifetime).bytes)).address,
                wanted);
    }
    wanted.lifetime = std::nullopt;
    EXPECT_EQ(only_event<AddressRemoved>(decode(delete_address(wanted.interface, wanted.prefix).bytes)).address,
              wanted);
  }
}

TEST(Encode, ProtodownRequestSaysWhatItMeans) {
  const std::vector<std::uint8_t> name{0x08, 0x00, 0x03, 0x00, 'e', 't', 'h', 0x00};  // without it there is no link
  for (const Protodown protodown : {Protodown::on, Protodown::off}) {
    std::vector<std::uint8_t> bytes = set_protodown(IfIndex{7}, protodown).bytes;
    bytes.insert(bytes.end(), name.begin(), name.end());
    bytes[0] = static_cast<std::uint8_t>(bytes.size());
    bytes[4] = 0x10;  // RTM_NEWLINK, the form of the notification
    const Link link = only_event<LinkChanged>(decode(bytes)).link;
    EXPECT_EQ(link.index, IfIndex{7});
    EXPECT_EQ(link.protodown, protodown == Protodown::on);
  }
}

TEST(Decode, ReadsHowOftenTheCarrierHasCome) {
  const std::vector<std::uint8_t> more{0x08, 0x00, 0x03, 0x00, 'e',  't',  'h', 0x00,   // IFLA_IFNAME
                                       0x08, 0x00, 0x2f, 0x00, 0x03, 0x01, 0,   0x00};  // IFLA_CARRIER_UP_COUNT
  std::vector<std::uint8_t> bytes = set_protodown(IfIndex{7}, Protodown::off).bytes;
  bytes.insert(bytes.end(), more.begin(), more.end());
  bytes[0] = static_cast<std::uint8_t>(bytes.size());
  bytes[4] = 0x10;  // RTM_NEWLINK
  EXPECT_EQ(only_event<LinkChanged>(decode(bytes)).link.carrier_ups, 259U);
}

TEST(Encode, MacvlanRequestCarriesEverythingAtOnce) {
  std::vector<std::uint8_t> bytes = create_macvlan({.name = "vrrp4-2-5",
                                                    .parent = IfIndex{2},
                                                    .mac = {{0x00, 0x00, 0x5e, 0x00, 0x01, 0x05}},
                                                    .mode = MacvlanMode::bridge,
                                                    .group = 77,
                                                    .vrf = IfIndex{9}})
                                        .bytes;
  constexpr std::array<std::uint8_t, 8> kMaster{0x08, 0x00, 0x0a, 0x00, 0x09, 0x00, 0x00, 0x00};
  EXPECT_FALSE(std::ranges::search(bytes, kMaster).empty());
  bytes[20] = 3;  // the kernel chooses the index
  const Link link = only_event<LinkChanged>(decode(bytes)).link;
  EXPECT_EQ(link.name, "vrrp4-2-5");
  EXPECT_EQ(link.parent, IfIndex{2});
  EXPECT_EQ(link.mac.to_string(), "00:00:5e:00:01:05");
  EXPECT_EQ(link.macvlan, Macvlan{MacvlanMode::bridge});
  EXPECT_EQ(link.group, 77U);
  EXPECT_FALSE(link.admin_up) << "it must be silenced before it comes up";
}

}  // namespace
}  // namespace tandem::netlink
