// SPDX-License-Identifier: Apache-2.0
// Style::separate with a tool that only compares lines and removes a line by putting `no` before it. The tool is
// frr-reload.py; this test repeats its algorithm in short.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "lib/cli/config_commands.h"
#include "lib/cli/test_schema.h"

namespace tandem::cli {
namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;  // the line that opens the mode or "", and the line

class SeparateTest : public testing::Test {
 protected:
  DataNode tree_of(std::string_view text) const {
    const auto file = commands_.interpret_file(text);
    EXPECT_TRUE(file.errors.empty()) << file.errors.front().message;
    DataNode tree = empty_tree(schema_);
    for (const auto& edit : file.edits) {
      EXPECT_TRUE(apply(tree, edit.edit));
    }
    return tree;
  }

  std::string separate(const DataNode& tree) const { return commands_.print(tree, Style::separate); }

  Lines lines_of(const DataNode& tree) const {
    Lines lines;
    std::string context;
    for (std::string_view text = std::string_view(storage_ = separate(tree)); !text.empty();) {
      const std::string line(text.substr(0, text.find('\n')));
      text.remove_prefix(line.size() + 1);
      if (line.starts_with("interface ")) {
        context = line;
      } else if (line == "exit") {
        context.clear();
      } else if (line != "!") {
        lines.emplace_back(context, line.substr(line.find_first_not_of(' ')));
      }
    }
    return lines;
  }

  void type(DataNode& tree, const std::pair<std::string, std::string>& where, const std::string& line) const {
    const auto effect = commands_.interpret(where.first.empty() ? Context{} : Context{where.first}, line);
    ASSERT_TRUE(effect) << effect.error().message;
    for (const Edit& edit : effect->edits) {
      ASSERT_TRUE(apply(tree, edit));
    }
  }

  // Removes the lines that the file lacks, one at a time, then adds the missing ones, twice.
  DataNode reload(DataNode running, const DataNode& file) {
    const Lines wanted = lines_of(file);
    for (const auto& have : lines_of(running)) {
      if (std::ranges::find(wanted, have) == wanted.end()) {
        const bool negative = have.second.starts_with("no ");
        type(running, have, negative ? have.second.substr(3) : "no " + have.second);
        note_groups(running);
      }
    }
    const Lines left = lines_of(running);
    for (const auto& line : wanted) {
      if (std::ranges::find(left, line) == left.end()) {
        type(running, line, line.second);
      }
    }
    return running;
  }

  void note_groups(const DataNode& tree) {
    std::set<std::pair<std::string, std::string>> now;
    for (const auto& line : lines_of(tree)) {
      if (std::ranges::count(line.second, ' ') == 1 && line.second.starts_with("vrrp ")) {
        now.insert(line);
      }
    }
    std::erase_if(survivors_, [&now](const auto& group) { return !now.contains(group); });
  }

  Schema schema_ = test_schema();
  ConfigCommands commands_{schema_};
  mutable std::string storage_;
  std::set<std::pair<std::string, std::string>> survivors_;  // groups that existed all the time
};

TEST_F(SeparateTest, EachSettingHasALineWhoseNoFormTakesItBack) {
  const DataNode tree = tree_of(
      "vrrp default preempt\nno banner\ninterface eth1\n vrrp 5 version 2\n vrrp 5 priority 7\n no vrrp 5 preempt\n"
      " vrrp 5 ip 10.0.0.1/24\n vrrp 7 ip 10.0.0.7\n");
  EXPECT_EQ(separate(tree),
            "banner none\nvrrp default preempt on\n!\ninterface eth1\n vrrp 5\n vrrp 5 version 2\n vrrp 5 priority 7\n"
            " vrrp 5 preempt off\n vrrp 5 ip 10.0.0.1\n vrrp 5 ip 10.0.0.1 prefix-length 24\n vrrp 7\n"
            " vrrp 7 ip 10.0.0.7\nexit\n!\n");
  for (const auto& line : lines_of(tree)) {
    DataNode changed = tree;
    type(changed, line, "no " + line.second);
    Lines expected = lines_of(tree);
    std::erase_if(expected, [&line](const auto& other) {
      return other.first == line.first && (other.second + " ").starts_with(line.second + " ");
    });
    EXPECT_EQ(lines_of(changed), expected) << line.second;
  }
}

// Each of these files with each: one reload leads to the configuration of the file, and a group in both files exists
// all the time.
TEST_F(SeparateTest, OneReloadLeadsFromAnyFileToAnyOther) {
  const std::vector<std::string> files = {
      "interface eth1\n vrrp 5\n vrrp 5 ip 10.0.0.1\n",
      "interface eth1\n vrrp 5 ip 10.0.0.1\n vrrp 5 ip 10.0.0.2\n",
      "interface eth1\n vrrp 5 version 3\n vrrp 5 ip 10.0.0.1/24\n",
      "interface eth1\n vrrp 5 version 2\n vrrp 5 ip 10.0.0.1/32\n",
      "interface eth1\n vrrp 5\n vrrp 5 preempt\n vrrp 5 priority 210\n vrrp 5 ip 10.0.0.1\n",
      "interface eth1\n vrrp 5\n no vrrp 5 preempt\n vrrp 5 priority 100\n vrrp 5 ip 10.0.0.1\n",
      "interface eth1\n vrrp 5\n vrrp 5 preempt delay 30\n vrrp 5 checksum-with-ipv4-pseudoheader\n",
      "vrrp default priority 50\nno vrrp default preempt\ninterface eth1\n vrrp 5\n vrrp 5 preempt\n",
      "interface eth1\n vrrp 5\n no vrrp 5 checksum-with-ipv4-pseudoheader\n vrrp 5 shutdown\n",
      "interface eth1\n vrrp 5\n vrrp 5 advertisement-interval 500\n vrrp 6\n vrrp 6 ip 10.0.0.6\n",
      "no banner\nhostname a\ndebug vrrp arp\ninterface eth1\n vrrp 5\ninterface eth2\n description x\n vrrp 5\n",
      "banner default\nhostname b\nlog file /x errors\ninterface eth1\n vrrp 5\ninterface eth2\n vrrp 7 shutdown\n",
      "log file /x debugging\ninterface eth1\n vrrp 5 description two words\n",
  };
  for (const std::string& before : files) {
    for (const std::string& file : files) {
      DataNode running = tree_of(before);
      const DataNode wanted = tree_of(file);
      survivors_ = {{"interface eth1", "vrrp 5"}};
      EXPECT_EQ(separate(reload(running, wanted)), separate(wanted)) << before << "----\n" << file;
      EXPECT_EQ(survivors_.size(), 1U) << before << "----\n" << file;
    }
  }
}

}  // namespace
}  // namespace tandem::cli
