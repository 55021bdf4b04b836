// SPDX-License-Identifier: Apache-2.0
// Real frames of FRR 8.4.4 (VRIDs 11 to 13), keepalived 2.2.7 (21 to 24) and Tandem (31 to 34), v2 and v3, IPv4 and
// IPv6: tests/captures/make.py.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "vrrpd/packet/testing.h"

namespace tandem::vrrpd::packet {
namespace {

using namespace testing;

// The frames of a little-endian pcap file.
std::vector<Buffer> read_pcap(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> chars(std::istreambuf_iterator<char>(file), {});
  const Buffer content(chars.begin(), chars.end());
  const auto u32 = [&](std::size_t at) {
    return content.at(at) | content.at(at + 1) << 8 | content.at(at + 2) << 16 | content.at(at + 3) << 24;
  };
  std::vector<Buffer> frames;
  for (std::size_t at = 24; at < content.size();) {
    const auto size = static_cast<std::ptrdiff_t>(u32(at + 8));
    const auto begin = content.begin() + static_cast<std::ptrdiff_t>(at) + 16;
    frames.emplace_back(begin, begin + size);
    at += 16 + static_cast<std::size_t>(size);
  }
  return frames;
}

base::Result<ReceivedAdvertisement, Rejected> decode_frame(base::Bytes frame) {
  const base::Bytes packet = frame.subspan(14);
  if (frame[12] == 0x08) {
    return decode_ipv4(packet);
  }
  const IpInfo info{IpAddress::from_bytes(packet.subspan(8, 16)), IpAddress::from_bytes(packet.subspan(24, 16)),
                    packet[7]};
  return decode(info, packet.subspan(40, static_cast<std::size_t>(packet[4] << 8 | packet[5])));
}

TEST(PcapTest, RealFramesAreDecoded) {
  const std::filesystem::path path = std::filesystem::path(TANDEM_PCAP_DIR) / "vrrp.pcap";
  std::map<std::string, int> accepted;
  std::map<Drop, int> dropped;
  const std::vector<Buffer> frames = read_pcap(path);
  for (const Buffer& frame : frames) {
    const auto received = decode_frame(frame);
    if (!received) {
      ++dropped[received.error().reason];
      EXPECT_EQ(received.error().vrid, Vrid(24));  // keepalived with a text password
      continue;
    }
    const Advertisement& fields = received->fields;
    ++accepted[fmt::format("v{} {} vrid {} count {} {}", static_cast<int>(fields.version),
                           base::to_string(received->source.family()), fields.vrid.value(), received->addresses.size(),
                           fields.checksum == ChecksumForm::pseudoheader ? "pseudoheader" : "message only")];
  }
  const std::map<std::string, int> expected{
      {"v2 IPv4 vrid 11 count 1 message only", 8}, {"v3 IPv4 vrid 12 count 2 pseudoheader", 8},
      {"v3 IPv6 vrid 13 count 5 pseudoheader", 8}, {"v2 IPv4 vrid 21 count 1 message only", 8},
      {"v3 IPv4 vrid 22 count 2 pseudoheader", 8}, {"v3 IPv6 vrid 23 count 5 pseudoheader", 8},
      {"v2 IPv4 vrid 31 count 1 message only", 8}, {"v3 IPv4 vrid 32 count 2 pseudoheader", 8},
      {"v3 IPv6 vrid 33 count 5 pseudoheader", 8}, {"v3 IPv4 vrid 34 count 1 message only", 8},
  };
  EXPECT_EQ(accepted, expected);
  EXPECT_EQ(dropped, (std::map<Drop, int>{{Drop::auth_type, 8}}));
}

}  // namespace
}  // namespace tandem::vrrpd::packet
