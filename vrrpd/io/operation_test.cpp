// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/operation.h"

#include <gtest/gtest.h>
#include <net/if.h>

namespace tandem::vrrpd::io {
namespace {

using base::IfIndex;
using core::Family;
using core::Vrid;

TEST(DeviceName, FitsIntoWhatTheKernelAllows) {
  EXPECT_EQ(device_name(IfIndex{3}, Vrid(5), Family::ipv4), "vrrp4-3-5");
  EXPECT_EQ(device_name(IfIndex{12345}, Vrid(255), Family::ipv6), "vrrp6-12345-255");
  EXPECT_EQ(device_name(IfIndex{123456}, Vrid(255), Family::ipv6), "v6-1e240-ff");
  EXPECT_LT(device_name(IfIndex{0xffffffff}, Vrid(255), Family::ipv6).size(), std::size_t{IFNAMSIZ});
}

TEST(LinkGroups, AreDifferentForInstances) {
  EXPECT_NE(link_groups("").live, link_groups("").graveyard);
  EXPECT_NE(link_groups("").live, link_groups("a").live);
  EXPECT_NE(link_groups("b").live, link_groups("a").live);
}

}  // namespace
}  // namespace tandem::vrrpd::io
