// SPDX-License-Identifier: Apache-2.0
#include "lib/os/saved_sysctls.h"

#include <gtest/gtest.h>

#include <iterator>
#include <sstream>
#include <vector>

namespace tandem::os {
namespace {

using base::IfIndex;

SavedSysctls read(const std::string& text) {
  SavedSysctls sysctls;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream parts(line);
    apply_record(std::vector<std::string>{std::istream_iterator<std::string>(parts), {}}, sysctls);
  }
  return sysctls;
}

TEST(SavedSysctls, AreReadAsTheyArePrinted) {
  const SavedSysctls saved{
      {{IfIndex{2}, "ipv4/arp_ignore"}, {.interface = "eth1", .original = 0, .ours = 1}},
      {{IfIndex{2}, "ipv6/router_solicitations"}, {.interface = "eth1", .original = -1, .ours = 0}}};
  std::string text;
  for (const auto& sysctl : saved) {
    text += print_record(sysctl);
  }
  EXPECT_EQ(text, "sysctl 2 eth1 ipv4/arp_ignore 0 1\nsysctl 2 eth1 ipv6/router_solicitations -1 0\n");
  EXPECT_EQ(read(text), saved);
}

TEST(SavedSysctls, OfAnInterfaceThatIsGoneAreForgottenAndMayComeAgain) {
  const std::string two = "sysctl 2 eth1 ipv4/arp_ignore 0 1\nsysctl 7 eth2 ipv4/arp_ignore 0 1\n";
  EXPECT_EQ(read(two).size(), 2U);
  EXPECT_EQ(read(two + print_gone(IfIndex{7})), read("sysctl 2 eth1 ipv4/arp_ignore 0 1\n"));
  EXPECT_EQ(read(two + print_gone(IfIndex{7}) + "sysctl 7 eth2 ipv4/arp_ignore 0 1\n"), read(two));
}

TEST(SavedSysctls, WhatALaterVersionAddsIsIgnored) {
  EXPECT_EQ(read("sysctl 2 eth1 ipv4/arp_ignore 0 1 more\nunheard of\n"), read("sysctl 2 eth1 ipv4/arp_ignore 0 1\n"));
}

TEST(SavedSysctls, DamagedRecordsAreLeftOut) {
  for (const char* line :
       {"sysctl", "sysctl x eth1 ipv4/arp_ignore 0 1", "sysctl 2 eth1 ipv4/arp_ignore 0",
        "sysctl 2 eth1 ipv4/arp_ignore 0 z", "sysctl 2 eth1 ipv4/../../../kernel/panic 0 1", "sysctl 2 eth1 ipv4/ 0 1",
        "sysctl 2 eth1 net/arp_ignore 0 1", "", "nonsense 1", "gone", "gone x"}) {
    EXPECT_TRUE(read(line).empty()) << line;
  }
}

}  // namespace
}  // namespace tandem::os
