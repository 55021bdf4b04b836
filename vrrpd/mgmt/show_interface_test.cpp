// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/mgmt/show_interface.h"

#include <gtest/gtest.h>

namespace tandem::vrrpd::mgmt {
namespace {

std::vector<InterfaceView> two() {
  InterfaceView lan{.name = "eth1", .index = 2, .admin_up = true, .running = true, .ethernet = true, .mtu = 1500};
  lan.protodown = true;
  lan.mac = {{0x52, 0x54, 0, 0x12, 0x34, 0x56}};
  lan.addresses = {{*base::IpAddress::parse("10.0.0.2"), 24}, {*base::IpAddress::parse("fe80::2"), 64}};
  return {{.name = "eth0", .index = 3, .admin_up = true, .ethernet = true, .mtu = 9000, .vrf = "red"}, lan};
}
const Descriptions kDescriptions{{"eth1", "the LAN"}};

TEST(ShowInterface, HasTheLinesThatToolsLookFor) {
  EXPECT_EQ(show_interface_text(two(), kDescriptions),
            "Interface eth0 is up, line protocol is down\n  vrf: red\n  index 3 metric 0 mtu 9000\n"
            "  flags: <UP,BROADCAST,MULTICAST>\n  Type: Ethernet\n  HWaddr: 00:00:00:00:00:00\n  protodown: off\n"
            "Interface eth1 is up, line protocol is up\n  vrf: default\n  Description: the LAN\n"
            "  index 2 metric 0 mtu 1500\n  flags: <UP,BROADCAST,RUNNING,MULTICAST>\n  Type: Ethernet\n"
            "  HWaddr: 52:54:00:12:34:56\n  inet 10.0.0.2/24 broadcast 10.0.0.255\n  inet6 fe80::2/64\n"
            "  protodown: on\n");
}

TEST(ShowInterface, SaysTheBroadcastAddressWhereThereIsOne) {
  for (const auto& [length, words] : {std::pair<std::uint8_t, std::string>{9, "10.0.0.2/9 broadcast 10.127.255.255\n"},
                                      {30, "10.0.0.2/30 broadcast 10.0.0.3\n"},
                                      {31, "10.0.0.2/31\n"},
                                      {32, "10.0.0.2/32\n"}}) {
    InterfaceView one{.name = "eth1", .ethernet = true};
    one.addresses = {{*base::IpAddress::parse("10.0.0.2"), length}};
    const std::string text = show_interface_text(std::vector{one}, {});
    EXPECT_NE(text.find("  inet " + words), std::string::npos) << text;
  }
}

TEST(ShowInterface, BriefHasALineForEachAddress) {
  EXPECT_EQ(show_interface_brief(two()),
            "Interface Status VRF     Addresses\neth0      down   red\neth1      up     default 10.0.0.2/24\n"
            "                         fe80::2/64\n");
}

TEST(ShowInterface, DescriptionsAndJson) {
  EXPECT_NE(show_interface_descriptions(two(), kDescriptions).find("the LAN"), std::string::npos);
  const std::string json = show_interface_json(two(), kDescriptions);
  EXPECT_NE(json.find("\"operationalStatus\":\"down\""), std::string::npos) << json;
  EXPECT_NE(json.find("\"address\":\"10.0.0.2/24\""), std::string::npos) << json;
}

}  // namespace
}  // namespace tandem::vrrpd::mgmt
