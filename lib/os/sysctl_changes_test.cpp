// SPDX-License-Identifier: Apache-2.0
#include "lib/os/sysctl_changes.h"

#include <gtest/gtest.h>

#include <map>

namespace tandem::os {
namespace {

using base::IfIndex;

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

class SysctlChangesTest : public ::testing::Test {
 protected:
  void change() {
    const SysctlChange wanted{IfIndex{2}, "eth1", kKey, 1};
    sysctls.remember(wanted, saved);
    EXPECT_TRUE(sysctls.change(wanted));
  }
  void restore() { sysctls.restore(IfIndex{2}, "eth1", saved); }

  FakeTree tree;
  log::Logger logger;
  SysctlChanges sysctls{tree, logger};
  SavedSysctls saved;
};

TEST_F(SysctlChangesTest, RestoresTheOriginal) {
  tree.values[kEth1] = 0;
  change();
  EXPECT_EQ(tree.values[kEth1], 1);
  restore();
  EXPECT_EQ(tree.values[kEth1], 0);
  EXPECT_TRUE(saved.empty());
}

TEST_F(SysctlChangesTest, StartAfterACrashDoesNotTakeOurValueForTheOriginal) {
  tree.values[kEth1] = 0;
  change();
  change();  // the file of the crashed run has been read
  restore();
  EXPECT_EQ(tree.values[kEth1], 0);
}

TEST_F(SysctlChangesTest, ValueThatSomebodyChangedAfterACrashIsTheNewOriginal) {
  tree.values[kEth1] = 0;
  change();
  tree.values[kEth1] = 2;
  change();
  restore();
  EXPECT_EQ(tree.values[kEth1], 2);
}

TEST_F(SysctlChangesTest, LeavesAloneWhatSomebodyChangedSince) {
  tree.values[kEth1] = 0;
  change();
  tree.values[kEth1] = 8;
  restore();
  EXPECT_EQ(tree.values[kEth1], 8);
  EXPECT_TRUE(saved.empty());
}

TEST_F(SysctlChangesTest, ValueThatIsRightAlreadyNeedsNoRestoring) {
  tree.values[kEth1] = 1;
  change();
  EXPECT_TRUE(saved.empty());
}

TEST_F(SysctlChangesTest, EffectiveValueIsTheLarger) {
  tree.values[kEth1] = 0;
  tree.values["all ipv4/arp_ignore"] = 2;
  EXPECT_EQ(sysctls.effective("eth1", kKey), 2);
}

}  // namespace
}  // namespace tandem::os
