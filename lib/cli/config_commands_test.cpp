// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/config_commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "lib/base/limits.h"
#include "lib/cli/complete.h"
#include "lib/cli/test_schema.h"

namespace tandem::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kEth1 = "/t-interfaces:interfaces/interface[name='eth1']";
const std::string kGroup = kEth1 + "/t-vrrp:vrrp/group[vrid='5']";

class ConfigCommandsTest : public ::testing::Test {
 protected:
  // "set PATH VALUE", "remove PATH"; an error unchanged.
  std::vector<std::string> edits(const Context& context, std::string_view line) const {
    const auto effect = commands_.interpret(context, line);
    if (!effect) {
      return {effect.error().message};
    }
    std::vector<std::string> result;
    for (const Edit& edit : effect->edits) {
      result.push_back(edit.kind == Edit::Kind::set ? "set " + edit.path + " " + edit.value : "remove " + edit.path);
    }
    return result;
  }

  std::string reprint(std::string_view text) const {
    DataNode tree = empty_tree(schema_);
    const auto file = commands_.interpret_file(text);
    for (const auto& error : file.errors) {
      ADD_FAILURE() << error.line << ": " << error.message;
    }
    for (const auto& edit : file.edits) {
      EXPECT_TRUE(apply(tree, edit.edit)) << edit.edit.path;
    }
    return commands_.print(tree);
  }

  Schema schema_ = test_schema();
  ConfigCommands commands_{schema_};
  const Context if_{"interface eth1"};
};

TEST_F(ConfigCommandsTest, SchemaHasNoProblems) { EXPECT_THAT(commands_.problems(), IsEmpty()); }

TEST_F(ConfigCommandsTest, NegativeValueIsWrittenWithNo) {
  EXPECT_THAT(edits({}, "no banner"), ElementsAre("set /t-system:banner ", "set /t-system:banner/kind none"));
  EXPECT_THAT(edits({}, "no banner default"), ElementsAre("remove /t-system:banner"))
      << "it takes back `banner default`";
  EXPECT_THAT(edits({}, "default banner"), ElementsAre("remove /t-system:banner"));
  EXPECT_EQ(reprint("banner default\nno banner\n"), "no banner\n!\n");
  EXPECT_EQ(reprint("no banner\nbanner default\n"), "banner default\n!\n");
  EXPECT_EQ(reprint("banner none\n"), "no banner\n!\n") << "a hidden form, for tools that compare";
}

TEST_F(ConfigCommandsTest, TabInATextIsABlank) {
  EXPECT_EQ(reprint("interface\teth1\n\tdescription\tthe\tLAN\n"), "interface eth1\n description the LAN\nexit\n!\n");
}

TEST_F(ConfigCommandsTest, LinesBecomeEdits) {
  struct Case {
    const char* line;
    std::vector<std::string> edits;
  };
  const std::string v4 = kGroup + "/ipv4/address[ip='10.0.2.16']";
  const std::string v6 = kGroup + "/ipv6/address[ip='2001:db8::1']";
  for (const Case& c : {
           Case{"vrrp 5", {"set " + kGroup + " "}},
           Case{"vrrp 005", {"set " + kGroup + " "}},
           Case{"vrrp 5 version 2", {"set " + kGroup + " ", "set " + kGroup + "/version 2"}},
           Case{"vrrp 5 priority 210", {"set " + kGroup + "/priority 210"}},
           Case{"vrrp 5 p", {"set " + kGroup + "/preempt true"}},
           Case{"vrrp 5 preempt delay 60", {"set " + kGroup + "/preempt-delay 60"}},
           Case{"vrrp 5 advertisement-interval 1000", {"set " + kGroup + "/advertisement-interval 100"}},
           Case{"vrrp 5 description the  'first' one", {"set " + kGroup + "/description the  'first' one"}},
           Case{"vrrp 5 ip 10.0.2.16", {"set " + v4 + " ", "remove " + v4 + "/prefix-length"}},
           Case{"vrrp 5 ip 10.0.2.16/24", {"set " + v4 + " ", "set " + v4 + "/prefix-length 24"}},
           Case{"vrrp 5 i 2001:0DB8::0001", {"set " + v6 + " ", "remove " + v6 + "/prefix-length"}},
           Case{"no vrrp 5", {"remove " + kGroup}},
           Case{"no vrrp 5 version", {"remove " + kGroup + "/version"}},
           Case{"no vrrp 5 version 3", {"remove " + kGroup + "/version"}},
           Case{"no vrrp 5 priority", {"remove " + kGroup + "/priority"}},
           Case{"no vrrp 5 priority 7", {"remove " + kGroup + "/priority"}},
           Case{"no vrrp 5 advertisement-interval 15", {"remove " + kGroup + "/advertisement-interval"}},
           Case{"no vrrp 5 preempt", {"set " + kGroup + "/preempt false"}},
           Case{"no vrrp 5 description", {"remove " + kGroup + "/description"}},
           Case{"no vrrp 5 ip 10.0.2.16", {"remove " + v4}},
           Case{"no vrrp 5 ip 10.0.2.16/24", {"remove " + v4}},
           Case{"default vrrp 5", {"remove " + kGroup}},
           Case{"default vrrp 5 ip 10.0.2.16", {"remove " + v4}},
           Case{"default vrrp 5 preempt", {"remove " + kGroup + "/preempt"}},
           Case{"default vrrp 5 priority", {"remove " + kGroup + "/priority"}},
           Case{"description uplink", {"set " + kEth1 + "/description uplink"}},
           Case{"! vrrp 5", {}},
           Case{"  ", {}},
       }) {
    EXPECT_EQ(edits(if_, c.line), c.edits) << c.line;
  }
}

TEST_F(ConfigCommandsTest, GlobalLinesBecomeEdits) {
  struct Case {
    const char* line;
    std::vector<std::string> edits;
  };
  for (const Case& c : {
           Case{"hostname r1", {"set /t-system:hostname r1"}},
           Case{"interface eth1", {}},
           Case{"interface eth1 vrf red", {"set " + kEth1 + "/vrf red"}},
           Case{"no interface eth1", {"remove " + kEth1}},
           Case{"no interface eth1 vrf blue", {"remove " + kEth1}},
           Case{"default interface eth1", {"remove " + kEth1}},
           Case{"vrrp default priority 90", {"set /t-vrrp:vrrp/default/priority 90"}},
           Case{"no vrrp default preempt", {"set /t-vrrp:vrrp/default/preempt false"}},
           Case{"debug vrrp arp proto", {"set /t-vrrp:vrrp/debug[.='arp'] ", "set /t-vrrp:vrrp/debug[.='protocol'] "}},
           Case{"no debug vrrp arp", {"remove /t-vrrp:vrrp/debug[.='arp']"}},
           Case{
               "log file /x debugging",
               {"set /t-system:log/file ", "set /t-system:log/file/name /x", "set /t-system:log/file/level debugging"}},
           Case{"log file /x",
                {"set /t-system:log/file ", "set /t-system:log/file/name /x", "remove /t-system:log/file/level"}},
           Case{"no log file", {"remove /t-system:log/file"}},
           Case{"no log file /x debugging", {"remove /t-system:log/file"}},
           Case{"log stdout errors", {"set /t-system:log/stdout ", "set /t-system:log/stdout/level errors"}},
           Case{"frr version 8.4.4", {}},
       }) {
    EXPECT_EQ(edits({}, c.line), c.edits) << c.line;
  }
  EXPECT_EQ(edits({}, "debug vrrp").size(), 3U);
  EXPECT_EQ(edits({}, "no debug vrrp").size(), 3U);
}

TEST_F(ConfigCommandsTest, FollowsTheSessionThroughModes) {
  struct Case {
    Context context;
    const char* line;
    Context entered;
  };
  for (const Case& c : {
           Case{{}, "int eth1", {"interface eth1"}},
           Case{{"interface eth1"}, "vrrp 5", {"interface eth1"}},
           Case{{"interface eth1"}, "interface eth2", {"interface eth2"}},
           Case{{"interface eth1"}, "vrrp default shutdown", {}},  // moves up, as FRR does
           Case{{"interface eth1"}, "exec-timeout 5", {"interface eth1"}},
       }) {
    const auto effect = commands_.interpret(c.context, c.line);
    ASSERT_TRUE(effect.has_value()) << c.line << effect.error().message;
    EXPECT_EQ(effect->entered, c.entered) << c.line;
  }
  EXPECT_FALSE(commands_.interpret({"vrrp 5"}, "vrrp 5").has_value());
}

TEST_F(ConfigCommandsTest, ValuesAreRefusedNotChanged) {
  EXPECT_THAT(edits(if_, "vrrp 5 advertisement-interval 15"), ElementsAre("% Value must be a multiple of 10"));
  EXPECT_THAT(edits({}, "vrrp default advertisement-interval 1005"), ElementsAre("% Value must be a multiple of 10"));
  EXPECT_THAT(edits({}, "interface averylonginterfacename"),
              ElementsAre("% Value of name must have 1 to 15 characters, not 22"));
  EXPECT_THAT(edits(if_, "vrrp 5 ip 10.0.0.1/0"),
              ElementsAre("% Value of prefix-length must be a number from 1 to 32"));
  EXPECT_THAT(edits({}, "no interface a'\"b"), ElementsAre("remove /t-interfaces:interfaces/interface[name='a''\"b']"));
  EXPECT_THAT(edits({}, "no interface a'b"), ElementsAre("remove /t-interfaces:interfaces/interface[name=\"a'b\"]"));
}

TEST_F(ConfigCommandsTest, ErrorsAreThoseOfTheModeThatUnderstoodMost) {
  EXPECT_THAT(edits(if_, "vrrp 5 priority 255"), ElementsAre("% Unknown command: vrrp 5 priority 255\n"
                                                             "                                   ^\n"
                                                             "expected: (1-254)"));
  EXPECT_THAT(edits(if_, "vrrp default priority 255"), ElementsAre("% Unknown command: vrrp default priority 255\n"
                                                                   "                                         ^\n"
                                                                   "expected: (1-254)"));
  EXPECT_THAT(edits({}, "vrrp 5"), ElementsAre("% Unknown command: vrrp 5\n"
                                               "                        ^\n"
                                               "expected: default"));
}

// The values after the key of a mode stay until another line changes them, and are printed for an empty mode too.
TEST_F(ConfigCommandsTest, LineOfAModeHasValuesOfItsOwn) {
  const std::string red = "interface eth1 vrf red\n vrrp 5\nexit\n!\n";
  EXPECT_EQ(reprint(red), red);
  EXPECT_EQ(reprint("interface eth1 vrf red\ninterface eth1\n vrrp 5\n"), red);
  EXPECT_EQ(reprint("interface eth1 vrf blue\n vrrp 5\nexit\ninterface eth1 vrf red\n"), red);
  EXPECT_EQ(reprint("interface eth1 vrf red\n"), "interface eth1 vrf red\nexit\n!\n");
  EXPECT_EQ(reprint("interface eth1\n"), "");
  EXPECT_EQ(help_table(candidates(commands_.grammar(), "config", "interface eth1 ")),
            "  <cr>\n  vrf   Specify the VRF\n");
  EXPECT_EQ(help_table(candidates(commands_.grammar(), "config", "interface eth1 vrf ")), "  NAME  The VRF name\n");
}

TEST_F(ConfigCommandsTest, PrintsFrrsLayoutAndReadsItBack) {
  const std::string text =
      "hostname r1\n"
      "log file /var/log/x debugging\n"
      "log stdout\n"
      "vrrp default priority 90\n"
      "no vrrp default preempt\n"
      "vrrp default advertisement-interval 500\n"
      "!\n"
      "debug vrrp arp\n"
      "debug vrrp packets\n"
      "!\n"
      "interface eth1\n"
      " description up link\n"
      " vrrp 5\n"
      " vrrp 5 description first\n"
      " vrrp 5 priority 210\n"
      " no vrrp 5 preempt\n"
      " vrrp 5 checksum-with-ipv4-pseudoheader\n"
      " vrrp 5 advertisement-interval 2000\n"
      " vrrp 5 preempt delay 10\n"
      " vrrp 5 ip 10.0.2.16\n"
      " vrrp 5 ip 10.0.2.17/24\n"
      " vrrp 5 ipv6 2001:db8::370:7334/64\n"
      " vrrp 6 version 2\n"
      "exit\n"
      "!\n"
      "interface eth2\n"
      " vrrp 5\n"
      "exit\n"
      "!\n";
  EXPECT_EQ(reprint(text), text);
}

TEST_F(ConfigCommandsTest, ReadsFilesOfOtherHands) {
  // Not indented, no exit, comments, CRLF, abbreviations, a command of the global level within a mode, an empty mode.
  EXPECT_EQ(
      reprint(
          "frr version 8.4.4\r\nfrr defaults traditional\n# x\n\ninterface eth1\nvrrp 5 prio 7\ninterface eth0\n"
          "inter eth2\n  vrrp 1 i 10.0.0.1\n hostname r\n!\nend\nline vty\n exec-timeout 0 0\nexit\n exit\nlog stdout"),
      "hostname r\nlog stdout\n!\ninterface eth1\n vrrp 5\n vrrp 5 priority 7\nexit\n!\n"
      "interface eth2\n vrrp 1\n vrrp 1 ip 10.0.0.1\nexit\n!\n");
}

TEST_F(ConfigCommandsTest, ReportsEveryBadLineOfAFile) {
  const auto file =
      commands_.interpret_file("interface eth1\n vrrp 5 priority 255\n vrrp 5\n vrrp 5 advertisement-interval 15\n" +
                               std::string(base::kMaxLineLength + 1, 'x') + "\nvrrp\n");
  ASSERT_EQ(file.errors.size(), 4U);
  EXPECT_EQ(file.errors[0].line, 2U);
  EXPECT_EQ(file.errors[0].message, "Unknown command: vrrp 5 priority 255 (at '255', expected: (1-254))");
  EXPECT_EQ(file.errors[1].line, 4U);
  EXPECT_EQ(file.errors[1].message, "Value must be a multiple of 10");
  EXPECT_EQ(file.errors[2].line, 5U);
  EXPECT_EQ(file.errors[2].message, "Line too long: 4097 bytes, at most 4096 are accepted");
  EXPECT_EQ(file.errors[3].message, "Command incomplete: vrrp (expected: (1-255))");
  ASSERT_EQ(file.edits.size(), 1U);
  EXPECT_EQ(file.edits[0].line, 3U);
}

TEST_F(ConfigCommandsTest, GivesUpOnFilesThatAreNoConfiguration) {
  std::string text;
  for (int i = 0; i < 5000; ++i) {
    text += "rubbish\n";
  }
  const auto file = commands_.interpret_file(text);
  ASSERT_EQ(file.errors.size(), 1001U);
  EXPECT_EQ(file.errors.back().message, "1000 errors; the rest of the file was not read");
}

TEST_F(ConfigCommandsTest, ValuesThatNoCommandCanCarryLeaveAComment) {
  DataNode tree = empty_tree(schema_);
  ASSERT_TRUE(apply(tree, {Edit::Kind::set, kGroup + "/description", "two\nlines"}));
  EXPECT_EQ(commands_.print(tree),
            "interface eth1\n vrrp 5\n ! vrrp 5 description: the value cannot be written as a command\nexit\n!\n");
}

// Each block of another daemon is skipped as a whole, with one report; an impossible value is an error even then.
TEST_F(ConfigCommandsTest, LenientReadingSkipsWhatIsNotOurs) {
  const auto file = commands_.interpret_file(
      "router bgp 65000\n neighbor 10.0.0.1\n !\n address-family ipv4\n  network 10.0.0.0/8\n exit-address-family\n"
      "exit\n"
      "vrf red\n vni 1\nexit-vrf\n"
      "interface eth1\n ip ospf area 0\n vrrp 5 priority 255\n vrrp 5 track interface\n vrrp 5\nexit\n"
      "router rip\nexit\nhostname\n",
      Reading::lenient);
  const auto texts = [](const std::vector<ConfigCommands::FileError>& errors) {
    std::vector<std::string> lines;
    for (const auto& error : errors) {
      lines.push_back(fmt::format("{}: {}", error.line, error.message.substr(0, error.message.find(" (at"))));
    }
    return lines;
  };
  EXPECT_THAT(texts(file.skipped),
              ElementsAre("1: skipped: router bgp 65000 (with a block of 4 lines)",
                          "8: skipped: vrf red (with a block of 1 line)", "12: skipped: ip ospf area 0",
                          "14: skipped: vrrp 5 track interface", "17: skipped: router rip"));
  EXPECT_THAT(texts(file.errors), ElementsAre("13: Unknown command: vrrp 5 priority 255",
                                              "19: Command incomplete: hostname (expected: WORD)"));
  ASSERT_FALSE(file.edits.empty());
  EXPECT_EQ(file.edits.back().edit.path, kGroup) << "the mode of the interface survives what was skipped in it";
}

TEST_F(ConfigCommandsTest, NamesObjectsInTheOperatorsWords) {
  struct Case {
    std::string path;
    const char* name;
    const char* detail;
  };
  for (const Case& c : {
           Case{kGroup + "/version", "vrrp 5 on eth1", ""},
           Case{kGroup, "vrrp 5 on eth1", ""},
           Case{kGroup + "/ipv6/address[ip='2001:db8::1']/prefix-length", "vrrp 5 on eth1", "2001:db8::1"},
           Case{kEth1 + "/description", "interface eth1", ""},
           Case{"/t-interfaces:interfaces/interface[name=\"a'b\"]", "interface a'b", ""},
           Case{"/t-system:hostname", "/t-system:hostname", ""},
           Case{"rubbish[", "rubbish[", ""},
       }) {
    std::string detail = "old";
    EXPECT_EQ(commands_.object_name(c.path, &detail), c.name);
    EXPECT_EQ(detail, c.detail) << c.path;
  }
}

TEST_F(ConfigCommandsTest, HelpComesFromTheSchema) {
  EXPECT_EQ(help_table(candidates(commands_.grammar(), "config-if", "vrrp 5 p")),
            "  preempt   Preempt mode\n"
            "  priority  Virtual Router Priority\n");
  EXPECT_EQ(help_table(candidates(commands_.grammar(), "config-if", "no ")),
            "  description\n"
            "  vrrp         Virtual Router Redundancy Protocol\n");
  EXPECT_EQ(help_table(candidates(commands_.grammar(), "config", "vrrp ")), "  default  Defaults\n");
}

TEST_F(ConfigCommandsTest, SyntaxIsPrintedAsFrrDoes) {
  std::vector<std::string> list;
  for (const Command& command : commands_.grammar().commands) {
    list.push_back(to_string(command.syntax));
  }
  EXPECT_THAT(list,
              ::testing::IsSupersetOf(
                  {"vrrp (1-255) [version (2-3)]", "no vrrp (1-255)", "no vrrp (1-255) version [(2-3)]",
                   "vrrp (1-255) advertisement-interval (10-40950)", "no vrrp (1-255) priority [(1-254)]",
                   "vrrp (1-255) ip A.B.C.D[/M]", "debug vrrp [{protocol|packets|arp}]", "interface IFNAME [vrf NAME]",
                   "no interface IFNAME [vrf NAME]", "log file FILENAME [<errors|informational|debugging>]",
                   "no log file [FILENAME [<errors|informational|debugging>]]",
                   "no log stdout [<errors|informational|debugging>]", "vrrp (1-255) description DESCRIPTION..."}));
}

TEST_F(ConfigCommandsTest, BadAnnotationsAreReported) {
  Schema schema = test_schema();
  schema.root->children.front()->cli.command = "hostname <nothing>";
  schema.ignored.emplace_back("a [b");
  EXPECT_EQ(ConfigCommands(schema).problems().size(), 2U);
}

}  // namespace
}  // namespace tandem::cli
