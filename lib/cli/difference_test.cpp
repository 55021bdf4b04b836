// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/difference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/cli/config_commands.h"
#include "lib/cli/test_schema.h"

namespace tandem::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kBefore =
    "hostname r1\n!\ninterface eth1\n description lan\n vrrp 5\n vrrp 5 priority 100\n vrrp 6\nexit\n!\n"
    "interface eth2\n vrrp 1\nexit\n!\n";

TEST(UnifiedDiff, ShowsChangesWithinTheirBlocks) {
  struct Row {
    std::string_view after;
    std::string_view diff;
  };
  const std::vector<Row> table = {
      {kBefore, ""},
      {"",
       "-hostname r1\n-interface eth1\n- description lan\n- vrrp 5\n- vrrp 5 priority 100\n- vrrp 6\n-exit\n"
       "-interface eth2\n- vrrp 1\n-exit\n"},
      {"hostname r2\n!\ninterface eth1\n description lan\n vrrp 5\n vrrp 5 priority 200\n vrrp 6\nexit\n!\n"
       "interface eth2\n vrrp 1\nexit\n!\n",
       "-hostname r1\n+hostname r2\n interface eth1\n- vrrp 5 priority 100\n+ vrrp 5 priority 200\n exit\n"},
      {"hostname r1\n!\ninterface eth1\n description lan\n vrrp 5\n vrrp 5 priority 100\nexit\n!\n"
       "interface eth3\n vrrp 1\nexit\n!\n",
       " interface eth1\n- vrrp 6\n exit\n-interface eth2\n- vrrp 1\n-exit\n+interface eth3\n+ vrrp 1\n+exit\n"},
  };
  const Schema schema = test_schema();
  const ConfigCommands commands(schema);
  for (const Row& row : table) {
    EXPECT_EQ(unified_diff(commands, kBefore, row.after), row.diff);
  }
}

TEST(UnifiedDiff, LineThatOpensABlockMayChangeAlone) {
  const Schema schema = test_schema();
  const ConfigCommands commands(schema);
  struct Row {
    std::string_view before;
    std::string_view after;
    std::string_view diff;
  };
  const std::vector<Row> table = {
      {"interface eth1 vrf A\n vrrp 5\nexit\n!\n", "interface eth1 vrf B\n vrrp 5\nexit\n!\n",
       "-interface eth1 vrf A\n+interface eth1 vrf B\n exit\n"},
      {"interface eth1\n vrrp 5\n vrrp 6\nexit\n!\ninterface eth2\n vrrp 1\nexit\n!\n",
       "interface eth1 vrf B\n vrrp 5\nexit\n!\ninterface eth2\n vrrp 1\nexit\n!\n",
       "-interface eth1\n+interface eth1 vrf B\n- vrrp 6\n exit\n"},
      {"interface eth1 vrf A\nexit\n!\ninterface eth2 vrf A\nexit\n!\n", "interface eth2 vrf B\nexit\n!\n",
       "-interface eth1 vrf A\n-exit\n-interface eth2 vrf A\n+interface eth2 vrf B\n exit\n"},
      {"interface eth1 vrf A\nexit\n!\n", "interface eth1 vrf A\n vrrp 5\nexit\n!\ninterface eth2 vrf A\nexit\n!\n",
       " interface eth1 vrf A\n+ vrrp 5\n exit\n+interface eth2 vrf A\n+exit\n"},
  };
  for (const Row& row : table) {
    EXPECT_EQ(unified_diff(commands, row.before, row.after), row.diff);
  }
}

TEST(UnifiedDiff, CommentThatAValueCannotBeWrittenIsALine) {
  const Schema schema = test_schema();
  EXPECT_EQ(unified_diff(ConfigCommands(schema), "", "! description: the value cannot be written as a command\n"),
            "+! description: the value cannot be written as a command\n");
}

TEST(Difference, RemovesWholeEntriesAndSetsWhatIsNew) {
  const Schema schema = test_schema();
  const ConfigCommands commands(schema);
  const auto tree = [&](std::string_view text) {
    DataNode root = empty_tree(schema);
    for (const auto& edit : commands.interpret_file(text).edits) {
      EXPECT_TRUE(apply(root, edit.edit));
    }
    return root;
  };
  const std::string eth1 = "/t-interfaces:interfaces/interface[name='eth1']";
  const auto edits = difference(tree("interface eth1\n vrrp 5 priority 100\n vrrp 6 priority 1\n"),
                                tree("interface eth1\n vrrp 5 priority 210\n vrrp 7 ip 10.0.0.7\n"));
  EXPECT_THAT(
      edits, ElementsAre(Edit{Edit::Kind::remove, eth1 + "/t-vrrp:vrrp/group[vrid='6']", ""},
                         Edit{Edit::Kind::set, eth1 + "/t-vrrp:vrrp/group[vrid='5']/priority", "210"},
                         Edit{Edit::Kind::set, eth1 + "/t-vrrp:vrrp/group[vrid='7']", ""},
                         Edit{Edit::Kind::set, eth1 + "/t-vrrp:vrrp/group[vrid='7']/ipv4/address[ip='10.0.0.7']", ""}));
}

TEST(Conflicts, AreContradictionsOnly) {
  const auto set = [](std::string path, std::string value) {
    return Edit{Edit::Kind::set, std::move(path), std::move(value)};
  };
  const auto remove = [](std::string path) { return Edit{Edit::Kind::remove, std::move(path), {}}; };
  struct Row {
    Edit mine;
    Edit theirs;
    bool conflict;
  };
  const std::vector<Row> table = {
      {set("/a/b", "1"), set("/a/b", "2"), true},
      {set("/a/b", "1"), set("/a/b", "1"), false},
      {set("/a/b", "1"), set("/a/c", "2"), false},
      {set("/a/b", "1"), remove("/a/b"), true},
      {remove("/a/b"), set("/a/b", "1"), true},
      {remove("/a/b"), remove("/a/b"), false},
      {remove("/a"), set("/a/b", "1"), true},
      {set("/a/b", "1"), remove("/a"), true},
      {remove("/a"), remove("/a/b"), false},
      {remove("/a/b"), remove("/a"), false},
      {remove("/a"), set("/ab", "1"), false},
      {set("/a[k='x/y']/b", "1"), remove("/a[k='x/y']"), true},
      {set("/a[k='1']/b", "1"), remove("/a[k='12']"), false},
  };
  for (const Row& row : table) {
    EXPECT_EQ(conflicts({row.mine}, {row.theirs}).size(), row.conflict ? 1U : 0U)
        << row.mine.path << " against " << row.theirs.path;
  }
}

}  // namespace
}  // namespace tandem::cli
