// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/sysctls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "vrrpd/io/testing.h"

namespace tandem::vrrpd::io {
namespace {

using base::IfIndex;
using testing::prefix;

class FakeTree final : public SysctlTree {
 public:
  std::map<std::string, int> values;

  std::optional<int> read(std::string_view interface, std::string_view key) const override {
    const auto found = values.find(fmt::format("{} {}", interface, key));
    return found == values.end() ? std::nullopt : std::optional(found->second);
  }
  base::Result<> write(std::string_view interface, std::string_view key, int value) override {
    values[fmt::format("{} {}", interface, key)] = value;
    return {};
  }
};

constexpr std::string_view kKey = "ipv4/arp_ignore";
const std::string kEth1 = "eth1 ipv4/arp_ignore";

class SysctlsTest : public ::testing::Test {
 protected:
  void change() {
    const Sysctls::Change wanted{IfIndex{2}, "eth1", kKey, 1};
    sysctls.remember(wanted, state);
    EXPECT_TRUE(sysctls.change(wanted));
  }
  void restore() { sysctls.restore(IfIndex{2}, "eth1", state); }

  FakeTree tree;
  log::Logger logger;
  Sysctls sysctls{tree, logger};
  SavedState state;
};

TEST_F(SysctlsTest, RestoresTheOriginal) {
  tree.values[kEth1] = 0;
  change();
  EXPECT_EQ(tree.values[kEth1], 1);
  restore();
  EXPECT_EQ(tree.values[kEth1], 0);
  EXPECT_TRUE(state.empty());
}

TEST_F(SysctlsTest, StartAfterACrashDoesNotTakeOurValueForTheOriginal) {
  tree.values[kEth1] = 0;
  change();
  change();  // the file of the crashed run has been read
  restore();
  EXPECT_EQ(tree.values[kEth1], 0);
}

TEST_F(SysctlsTest, ValueThatSomebodyChangedAfterACrashIsTheNewOriginal) {
  tree.values[kEth1] = 0;
  change();
  tree.values[kEth1] = 2;
  change();
  restore();
  EXPECT_EQ(tree.values[kEth1], 2);
}

TEST_F(SysctlsTest, LeavesAloneWhatSomebodyChangedSince) {
  tree.values[kEth1] = 0;
  change();
  tree.values[kEth1] = 8;
  restore();
  EXPECT_EQ(tree.values[kEth1], 8);
  EXPECT_TRUE(state.empty());
}

TEST_F(SysctlsTest, ValueThatIsRightAlreadyNeedsNoRestoring) {
  tree.values[kEth1] = 1;
  change();
  EXPECT_TRUE(state.empty());
}

TEST_F(SysctlsTest, EffectiveValueIsTheLarger) {
  tree.values[kEth1] = 0;
  tree.values["all ipv4/arp_ignore"] = 2;
  EXPECT_EQ(sysctls.effective("eth1", kKey), 2);
}

TEST(StateFile, ReadsWhatItWrites) {
  SavedState state;
  state.sysctls[{IfIndex{2}, "ipv4/arp_ignore"}] = {.interface = "eth1", .original = 0, .ours = 1};
  state.sysctls[{IfIndex{2}, "ipv6/router_solicitations"}] = {.interface = "eth1", .original = -1, .ours = 0};
  state.adopted[IfIndex{7}] = {.name = "gw5",
                               .mode = netlink::MacvlanMode::private_,
                               .state = netlink::AdminState::up,
                               .addresses = {prefix("10.0.0.5", 24), prefix("fe80::5", 64)}};
  state.adopted[IfIndex{8}] = {
      .name = "gw6", .mode = netlink::MacvlanMode::source, .state = netlink::AdminState::down, .addresses = {}};
  EXPECT_EQ(parse_state(print_state(state, "boot 1"), "boot 1"), state);
}

TEST(StateFile, AnotherBootMeansNothing) {
  SavedState state;
  state.sysctls[{IfIndex{2}, "ipv4/arp_ignore"}] = {.interface = "eth1", .original = 0, .ours = 1};
  EXPECT_TRUE(parse_state(print_state(state, "boot 1"), "boot 2").empty());
}

TEST(StateFile, WhatIsGoneIsForgottenAndMayComeAgain) {
  const std::string text =
      "tandem-devices 1\nkernel boot 1\nsysctl 2 eth1 ipv4/arp_ignore 0 1\nmacvlan 7 gw5 bridge up\n"
      "address 7 10.0.0.5/32\nsysctl 7 gw5 ipv4/arp_ignore 0 1\n";
  const SavedState all = parse_state(text, "boot 1");
  EXPECT_EQ(all.sysctls.size(), 2U);
  const SavedState without = parse_state(text + print_gone(IfIndex{7}), "boot 1");
  EXPECT_TRUE(without.adopted.empty());
  EXPECT_EQ(without.sysctls.size(), 1U);
  const std::string again = print_record(IfIndex{7}, all.adopted.at(IfIndex{7}));
  EXPECT_EQ(parse_state(text + print_gone(IfIndex{7}) + again, "boot 1").adopted, all.adopted);
}

TEST(StateFile, WhatALaterVersionAddsIsIgnored) {
  const std::string head = "tandem-devices 1\nkernel boot 1\n";
  const SavedState of_ours = parse_state(
      head + "sysctl 2 eth1 ipv4/arp_ignore 0 1\nmacvlan 7 gw5 bridge up\naddress 7 10.0.0.5/24\n", "boot 1");
  const SavedState of_theirs = parse_state(head + "sysctl 2 eth1 ipv4/arp_ignore 0 1 more\nunheard of\n" +
                                               "macvlan 7 gw5 bridge up protodown=0\naddress 7 10.0.0.5/24 noprefix\n",
                                           "boot 1");
  EXPECT_FALSE(of_ours.empty());
  EXPECT_EQ(of_theirs, of_ours);
}

TEST(StateFile, DamagedLinesAreLeftOut) {
  const std::string head = "tandem-devices 1\nkernel boot 1\n";
  for (const char* line :
       {"sysctl", "sysctl x eth1 ipv4/arp_ignore 0 1", "sysctl 2 eth1 ipv4/arp_ignore 0",
        "sysctl 2 eth1 ipv4/arp_ignore 0 z", "sysctl 2 eth1 ipv4/../../../kernel/panic 0 1", "sysctl 2 eth1 ipv4/ 0 1",
        "sysctl 2 eth1 net/arp_ignore 0 1", "macvlan 7 gw5 sideways up", "address 7 10.0.0.5/32", "", "nonsense 1"}) {
    EXPECT_TRUE(parse_state(head + line + "\n", "boot 1").empty()) << line;
  }
  const SavedState state = parse_state(head + "macvlan 7 gw5 bridge up\naddress 7 10.0.0.5/33\n", "boot 1");
  EXPECT_TRUE(state.adopted.at(IfIndex{7}).addresses.empty());
}

}  // namespace
}  // namespace tandem::vrrpd::io
