// SPDX-License-Identifier: Apache-2.0
// Interfaces in a VRF, and what the reconciler does about it.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "vrrpd/io/reconciler_testing.h"

namespace tandem::vrrpd::io::testing {
namespace {

class VrfTest : public QuickAndSlowKernelTest {};

TEST_P(VrfTest, MacvlansAreInTheVrfOfTheirParent) {
  constexpr base::IfIndex kRed{9};
  netlink::Link eth1 = ethernet(2, "eth1");
  eth1.vrf = kRed;
  machine.link(eth1);
  settle_with({backup(5), master(6, core::Family::ipv6)});
  EXPECT_EQ(device(machine, 5)->link.vrf, kRed);
  EXPECT_TRUE(all_of<SetVrf>(machine).empty()) << "they were made there";
  for (const base::IfIndex vrf : {base::kNoInterface, kRed}) {
    eth1.vrf = vrf;
    machine.link(eth1);
    machine.settle();
    EXPECT_EQ(device(machine, 5)->link.vrf, vrf);
    EXPECT_EQ(device(machine, 6, core::Family::ipv6)->link.vrf, vrf);
    EXPECT_EQ(device(machine, 6, core::Family::ipv6)->addresses.size(), 1U) << "the kernel has taken it off";
  }
}

TEST_P(VrfTest, RenamedVrfIsAChangeOfItsPorts) {
  netlink::Link eth1 = ethernet(2, "eth1");
  eth1.vrf = base::IfIndex{9};
  machine.link(eth1);
  machine.link(ethernet(9, "red"));
  machine.settle();
  machine.reconciler.take_changes();
  machine.link(ethernet(9, "blue"));
  machine.settle();
  EXPECT_EQ(machine.reconciler.take_changes().interfaces, (std::set<std::string>{"red", "blue", "eth1"}));
}

INSTANTIATE_TEST_SUITE_P(Kernel, VrfTest, ::testing::Bool(), testing::speed_of);

}  // namespace
}  // namespace tandem::vrrpd::io::testing
