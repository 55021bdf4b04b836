// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/saved_state.h"

#include <gtest/gtest.h>

#include "vrrpd/io/testing.h"

namespace tandem::vrrpd::io {
namespace {

using base::IfIndex;
using testing::prefix;

TEST(SavedState, ReadsWhatItWrites) {
  SavedState state;
  state.sysctls[{IfIndex{2}, "ipv4/arp_ignore"}] = {.interface = "eth1", .original = 0, .ours = 1};
  state.sysctls[{IfIndex{2}, "ipv6/router_solicitations"}] = {.interface = "eth1", .original = -1, .ours = 0};
  state.adopted[IfIndex{7}] = {.name = "gw5",
                               .mode = netlink::MacvlanMode::private_,
                               .state = netlink::AdminState::up,
                               .addresses = {prefix("10.0.0.5", 24), prefix("fe80::5", 64)}};
  state.adopted[IfIndex{8}] = {
      .name = "gw6", .mode = netlink::MacvlanMode::source, .state = netlink::AdminState::down, .addresses = {}};
  EXPECT_EQ(parse_records(print_records(state)), state);
}

TEST(SavedState, WhatIsGoneIsForgottenAndMayComeAgain) {
  const std::string text =
      "sysctl 2 eth1 ipv4/arp_ignore 0 1\nmacvlan 7 gw5 bridge up\n"
      "address 7 10.0.0.5/32\nsysctl 7 gw5 ipv4/arp_ignore 0 1\n";
  const SavedState all = parse_records(text);
  EXPECT_EQ(all.sysctls.size(), 2U);
  const SavedState without = parse_records(text + os::print_gone(IfIndex{7}));
  EXPECT_TRUE(without.adopted.empty());
  EXPECT_EQ(without.sysctls.size(), 1U);
  const std::string again = print_record(IfIndex{7}, all.adopted.at(IfIndex{7}));
  EXPECT_EQ(parse_records(text + os::print_gone(IfIndex{7}) + again).adopted, all.adopted);
}

TEST(SavedState, WhatALaterVersionAddsIsIgnored) {
  const SavedState of_ours =
      parse_records("sysctl 2 eth1 ipv4/arp_ignore 0 1\nmacvlan 7 gw5 bridge up\naddress 7 10.0.0.5/24\n");
  const SavedState of_theirs = parse_records(
      "sysctl 2 eth1 ipv4/arp_ignore 0 1 more\nunheard of\n"
      "macvlan 7 gw5 bridge up protodown=0\naddress 7 10.0.0.5/24 noprefix\n");
  EXPECT_FALSE(of_ours.empty());
  EXPECT_EQ(of_theirs, of_ours);
}

TEST(SavedState, DamagedLinesAreLeftOut) {
  for (const char* line :
       {"sysctl", "sysctl x eth1 ipv4/arp_ignore 0 1", "sysctl 2 eth1 ipv4/arp_ignore 0",
        "sysctl 2 eth1 ipv4/arp_ignore 0 z", "sysctl 2 eth1 ipv4/../../../kernel/panic 0 1", "sysctl 2 eth1 ipv4/ 0 1",
        "sysctl 2 eth1 net/arp_ignore 0 1", "macvlan 7 gw5 sideways up", "address 7 10.0.0.5/32", "", "nonsense 1"}) {
    EXPECT_TRUE(parse_records(line).empty()) << line;
  }
  const SavedState state = parse_records("macvlan 7 gw5 bridge up\naddress 7 10.0.0.5/33\n");
  EXPECT_TRUE(state.adopted.at(IfIndex{7}).addresses.empty());
}

}  // namespace
}  // namespace tandem::vrrpd::io
