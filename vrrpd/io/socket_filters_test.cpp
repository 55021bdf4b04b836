// SPDX-License-Identifier: Apache-2.0
// Interprets the programs as the kernel does, and asks the kernel whether it takes them.
#include "vrrpd/io/socket_filters.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net/bpf_testing.h"

namespace tandem::vrrpd::io {
namespace {

using base::Family;
using base::IpAddress;

using Packet = net::testing::FilteredPacket;
using net::testing::passes;

IpAddress address(const char* text) { return *IpAddress::parse(text); }

struct Sent {
  const char* source = "10.0.0.2";
  const char* destination = "224.0.0.18";
  std::uint8_t ttl = 255;
  std::vector<std::uint8_t> message = {0x31, 5, 100, 1, 0, 100, 0, 0, 10, 0, 0, 1};
  std::uint8_t options = 0;  // words of IPv4 options
};

Packet ipv4(const Sent& sent) {
  Packet packet{.network = std::vector<std::uint8_t>(20 + sent.options * 4U)};
  packet.network[0] = static_cast<std::uint8_t>(0x45 + sent.options);
  packet.network[8] = sent.ttl;
  packet.network[9] = 112;
  const IpAddress from = address(sent.source);
  const IpAddress to = address(sent.destination);
  std::copy(from.bytes().begin(), from.bytes().end(), packet.network.begin() + 12);
  std::copy(to.bytes().begin(), to.bytes().end(), packet.network.begin() + 16);
  packet.network.insert(packet.network.end(), sent.message.begin(), sent.message.end());
  return packet;
}

Packet ipv6(const Sent& sent) {
  Packet packet{.network = std::vector<std::uint8_t>(40), .data = 40};
  packet.network[0] = 0x60;
  packet.network[7] = sent.ttl;
  const IpAddress from = address(sent.source);
  const IpAddress to = address(sent.destination);
  std::copy(from.bytes().begin(), from.bytes().end(), packet.network.begin() + 8);
  std::copy(to.bytes().begin(), to.bytes().end(), packet.network.begin() + 24);
  packet.network.insert(packet.network.end(), sent.message.begin(), sent.message.end());
  return packet;
}

Expected expecting(std::initializer_list<unsigned> vrids) {
  Expected expected;
  for (const unsigned vrid : vrids) {
    expected.vrids.set(vrid);
  }
  return expected;
}

TEST(AdvertFilter, LetsThroughTheVridsThatExist) {
  const net::FilterProgram program =
      advert_filter(Family::ipv4, expecting({1, 5, 31, 32, 63, 64, 128, 255}), Strangers::pass);
  for (unsigned vrid = 0; vrid < 256; ++vrid) {
    Sent sent;
    sent.message[1] = static_cast<std::uint8_t>(vrid);
    const bool exists =
        vrid == 1 || vrid == 5 || vrid == 31 || vrid == 32 || vrid == 63 || vrid == 64 || vrid == 128 || vrid == 255;
    EXPECT_EQ(passes(program, ipv4(sent)), exists) << vrid;
  }
}

TEST(AdvertFilter, RefusesWhatTheDecoderRefusesFirst) {
  const net::FilterProgram program = advert_filter(Family::ipv4, expecting({5}), Strangers::pass);
  EXPECT_TRUE(passes(program, ipv4({})));
  EXPECT_TRUE(passes(program, ipv4({.options = 3}))) << "options are allowed (X2)";
  EXPECT_TRUE(passes(program, ipv4({.message = {0x21, 5, 100, 1, 0, 1, 0, 0}})));
  EXPECT_FALSE(passes(program, ipv4({.destination = "10.0.0.1"})));
  EXPECT_FALSE(passes(program, ipv4({.ttl = 254})));
  EXPECT_FALSE(passes(program, ipv4({.message = {0x41, 5, 100, 1, 0, 1, 0, 0}})));
  EXPECT_FALSE(passes(program, ipv4({.message = {0x32, 5, 100, 1, 0, 1, 0, 0}})));
  EXPECT_FALSE(passes(program, ipv4({.message = {0x31, 5, 100, 1, 0, 1, 0}}))) << "shorter than a header";
  EXPECT_FALSE(passes(program, ipv4({.message = {}})));
  EXPECT_FALSE(passes(program, {.network = {0x45}}));
  EXPECT_FALSE(passes(advert_filter(Family::ipv4, {}, Strangers::pass), ipv4({})));
}

TEST(AdvertFilter, FindsTheHeaderOfIpv6) {
  const net::FilterProgram program = advert_filter(Family::ipv6, expecting({5}), Strangers::pass);
  const Sent sent{.source = "fe80::2", .destination = "ff02::12"};
  EXPECT_TRUE(passes(program, ipv6(sent)));
  EXPECT_FALSE(passes(program, ipv6({.source = "fe80::2", .destination = "ff02::1"})));
  EXPECT_FALSE(passes(program, ipv6({.source = "fe80::2", .destination = "ff02::12", .ttl = 64})));
  EXPECT_FALSE(
      passes(program, ipv6({.source = "fe80::2", .destination = "ff02::12", .message = {0x21, 5, 100, 1, 0, 1, 0, 0}})))
      << "version 2 knows IPv4 only";
}

TEST(AdvertFilter, SamplesStrangersAndKnowsMasters) {
  Expected expected = expecting({5});
  expected.masters = {address("10.0.0.7"), address("10.0.0.2")};
  const net::FilterProgram program = advert_filter(Family::ipv4, expected, Strangers::sampled);
  EXPECT_TRUE(passes(program, ipv4({})));
  EXPECT_TRUE(passes(program, ipv4({.source = "10.0.0.7"})));
  EXPECT_FALSE(passes(program, ipv4({.source = "10.0.0.7", .ttl = 1})));
  unsigned sampled = 0;
  for (std::uint32_t random = 0; random < 10 * kSampling; ++random) {
    Packet stranger = ipv4({.source = "10.0.0.3"});
    stranger.random = random;
    sampled += passes(program, stranger) ? 1 : 0;
  }
  EXPECT_EQ(sampled, 10U);
}

Packet advert_of(unsigned vrid, unsigned priority, const char* source = "10.0.0.9") {
  Sent sent{.source = source, .options = 1};
  sent.message[1] = static_cast<std::uint8_t>(vrid);
  sent.message[2] = static_cast<std::uint8_t>(priority);
  return ipv4(sent);
}

TEST(AdvertFilter, LetsThroughWhatCanWin) {
  Expected expected = expecting({5, 7, 200});
  expected.least_priority[5] = 100;
  expected.least_priority[200] = 101;
  expected.masters = {address("10.0.0.2")};
  const net::FilterProgram program = advert_filter(Family::ipv4, expected, Strangers::winning);
  EXPECT_TRUE(passes(program, advert_of(5, 100)));
  EXPECT_FALSE(passes(program, advert_of(5, 99)));
  EXPECT_FALSE(passes(program, advert_of(5, 0)));
  EXPECT_TRUE(passes(program, advert_of(200, 101)));
  EXPECT_FALSE(passes(program, advert_of(200, 100)));
  EXPECT_TRUE(passes(program, advert_of(7, 0))) << "any may concern it";
  EXPECT_FALSE(passes(program, advert_of(6, 255))) << "there is none";
  EXPECT_TRUE(passes(program, advert_of(5, 1, "10.0.0.2"))) << "it is followed";
  Packet sample = advert_of(5, 1);
  sample.random = kSampling;
  EXPECT_TRUE(passes(program, sample));
}

// Beyond the classes of a filter it lets through too much, never too little.
TEST(AdvertFilter, RoundsManyPrioritiesDown) {
  Expected expected;
  for (unsigned vrid = 1; vrid < 256; ++vrid) {
    expected.vrids.set(vrid);
    expected.least_priority.at(vrid) = static_cast<std::uint8_t>(vrid);
  }
  const net::FilterProgram program = advert_filter(Family::ipv4, expected, Strangers::winning);
  for (unsigned vrid = 1; vrid < 256; ++vrid) {
    EXPECT_TRUE(passes(program, advert_of(vrid, vrid))) << vrid;
    if (vrid > 32) {
      EXPECT_FALSE(passes(program, advert_of(vrid, vrid - 32))) << vrid;
    }
  }
}

TEST(AdvertFilter, KnowsMastersOfIpv6AndTakesAsManyAsFit) {
  Expected expected;
  expected.vrids.set();
  for (unsigned i = 1; i <= kMaxKnownMasters + 3; ++i) {
    expected.masters.push_back(address(("fe80::" + std::to_string(i)).c_str()));
  }
  const net::FilterProgram program = advert_filter(Family::ipv6, expected, Strangers::sampled);
  EXPECT_TRUE(passes(program, ipv6({.source = "fe80::16", .destination = "ff02::12"})));
  EXPECT_FALSE(passes(program, ipv6({.source = "fe80::17", .destination = "ff02::12"})));
  EXPECT_FALSE(passes(program, ipv6({.source = "fe81::1", .destination = "ff02::12"})));
}

TEST(SolicitationFilter, TakesWhatRfc4861TakesFromTheInterfacesThatAreHeard) {
  const std::vector<std::uint8_t> solicitation{133, 0, 0, 0, 0, 0, 0, 0};
  const Sent right{.source = "fe80::2", .destination = "ff02::2", .message = solicitation};
  const net::FilterProgram program = solicitation_filter({base::IfIndex{7}, base::IfIndex{2}});
  EXPECT_TRUE(passes(program, ipv6(right)));
  Packet other = ipv6(right);
  other.interface = 8;
  EXPECT_FALSE(passes(program, other));
  EXPECT_FALSE(
      passes(program, ipv6({.source = "fe80::2", .destination = "ff02::2", .ttl = 1, .message = solicitation})));
  EXPECT_FALSE(passes(program, ipv6({.source = "fe80::2", .destination = "ff02::2", .message = {133, 0, 0, 0}})));
  EXPECT_FALSE(
      passes(program, ipv6({.source = "fe80::2", .destination = "ff02::2", .message = {133, 1, 0, 0, 0, 0, 0, 0}})));
}

TEST(AuthenticatedVrrpFilter, LetsThroughAnAuthenticationHeaderInFrontOfVrrp) {
  const net::FilterProgram program = authenticated_vrrp_filter();
  EXPECT_TRUE(passes(program, ipv4({.message = {112, 4, 0, 0}})));
  EXPECT_FALSE(passes(program, ipv4({.message = {6, 4, 0, 0}})));
  EXPECT_FALSE(passes(program, ipv4({.destination = "224.0.0.5", .message = {112, 4, 0, 0}})));
}

TEST(AnswerFilter, LetsThroughRepliesAndNeighbourAdvertisements) {
  Packet arp{.network = std::vector<std::uint8_t>(42)};
  arp.network[21] = 2;
  EXPECT_TRUE(passes(answer_filter(Family::ipv4), arp));
  arp.network[21] = 1;
  EXPECT_FALSE(passes(answer_filter(Family::ipv4), arp));
  Packet neighbour{.network = std::vector<std::uint8_t>(86)};
  neighbour.network[20] = 58;
  neighbour.network[54] = 136;
  EXPECT_TRUE(passes(answer_filter(Family::ipv6), neighbour));
  neighbour.network[54] = 135;
  EXPECT_FALSE(passes(answer_filter(Family::ipv6), neighbour));
  EXPECT_FALSE(passes(answer_filter(Family::ipv6), {.network = std::vector<std::uint8_t>(20)}));
}

TEST(Filters, AreTakenByTheKernel) {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ASSERT_GE(socket, 0);
  Expected most;
  most.vrids.set();
  for (unsigned i = 1; i <= kMaxKnownMasters; ++i) {
    most.masters.push_back(address(("fe80::" + std::to_string(i)).c_str()));
  }
  for (unsigned vrid = 1; vrid < 256; ++vrid) {
    most.least_priority.at(vrid) = static_cast<std::uint8_t>(vrid);
  }
  std::vector<base::IfIndex> many;
  for (std::uint32_t i = 1; i <= 2 * kMaxHeard; ++i) {
    many.push_back(base::IfIndex{i});
  }
  for (const net::FilterProgram& program :
       {advert_filter(Family::ipv4, most, Strangers::pass), advert_filter(Family::ipv6, most, Strangers::sampled),
        advert_filter(Family::ipv6, most, Strangers::winning), solicitation_filter(many), authenticated_vrrp_filter(),
        answer_filter(Family::ipv4), answer_filter(Family::ipv6), net::accept_all()}) {
    EXPECT_EQ(net::attach(socket, program), 0) << "of " << program.size() << " instructions";
  }
  ::close(socket);
}

}  // namespace
}  // namespace tandem::vrrpd::io
