// SPDX-License-Identifier: Apache-2.0
#include "lib/yang/tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/yang/context.h"

namespace tandem::yang {
namespace {

using cli::Edit;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kEth1 = "/tandem-interfaces:interfaces/interface[name='eth1']";
const std::string kGroup5 = kEth1 + "/tandem-vrrp:vrrp/group[vrid='5']";
const std::string kGroup6 = kEth1 + "/tandem-vrrp:vrrp/group[vrid='6']";
const std::string kDefault = "/tandem-vrrp:vrrp/default";

class TreeTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loaded = Context::load(default_directory(), {"tandem-system", "tandem-vrrp", "tandem-interfaces"});
    ASSERT_TRUE(loaded) << loaded.error().message;
    context_ = std::move(*loaded);
  }
  Tree tree_of(const std::vector<Edit>& edits) const {
    Tree tree(*context_);
    for (const Edit& edit : edits) {
      const auto applied = tree.apply(edit);
      EXPECT_TRUE(applied) << edit.path << ": " << applied.error().message;
    }
    return tree;
  }
  static Edit set(std::string path, std::string value = "") {
    return {Edit::Kind::set, std::move(path), std::move(value)};
  }
  static Edit remove(std::string path) { return {Edit::Kind::remove, std::move(path), ""}; }
  static std::vector<std::string> texts(const std::vector<Problem>& problems) {
    std::vector<std::string> all;
    for (const Problem& problem : problems) {
      all.push_back(problem.path + ": " + problem.message);
    }
    return all;
  }
  static const cli::DataNode* find(const cli::DataNode& root, const std::vector<std::string>& names) {
    const cli::DataNode* node = &root;
    for (const std::string& name : names) {
      node = node == nullptr ? nullptr : node->child(name);
    }
    return node;
  }

  std::unique_ptr<Context> context_;
};

TEST_F(TreeTest, SettingCreatesWhatIsAbove) {
  Tree tree = tree_of({set(kGroup5 + "/priority", "210")});
  EXPECT_THAT(tree.validate(), IsEmpty());
  const cli::DataNode data = tree.to_data(false);
  const cli::DataNode* priority = find(data, {"interfaces", "interface", "vrrp", "group", "priority"});
  ASSERT_NE(priority, nullptr);
  EXPECT_EQ(priority->value, "210");
}

TEST_F(TreeTest, RemovingWhatTheModelDoesNotTakeIsRefusedWhateverIsThere) {
  const std::vector<std::string> impossible{
      "/tandem-interfaces:interfaces/interface[name='a:b']",
      "/tandem-interfaces:interfaces/interface[name='a''\"b']",
      "/tandem-interfaces:interfaces/interface[name='\xff\xfe']",
      kGroup5 + "/ipv4/address[ip='127.0.0.1']",
      kGroup5 + "/ipv6/address[ip='::']",
      kEth1 + "/tandem-vrrp:vrrp/group[vrid='256']",
      "/tandem-vrrp:debug/vrrp[.='nonsense']",
      kGroup5 + "/nonsense",
      "/tandem-interfaces:interfaces/interface",
      "/tandem-interfaces:interfaces/*",
      "//interface",
      "/",
      "",
  };
  for (const std::string& path : impossible) {
    Tree empty(*context_);
    Tree some = tree_of({set(kGroup5 + "/priority", "210"), set(kGroup5 + "/ipv6/address[ip='2001:db8::1']")});
    const Tree before = some;
    for (Tree* tree : {&empty, &some}) {
      const auto refused = tree->apply(remove(path));
      ASSERT_FALSE(refused) << path;
      EXPECT_FALSE(refused.error().message.empty()) << path;
      EXPECT_TRUE(path.starts_with(refused.error().path)) << path << " " << refused.error().path;
    }
    EXPECT_TRUE(some == before) << path;
  }
}

// A tree remembers the place of the last edit. A copy does not.
TEST_F(TreeTest, EditsNeedNotBeNextToEachOther) {
  const std::string other = "/tandem-interfaces:interfaces/interface[name=\"lan.1\"]/tandem-vrrp:vrrp/group[vrid='5']";
  const std::string longer = kEth1 + "/tandem-vrrp:vrrp/group[vrid='50']";
  const std::vector<Edit> edits{
      set(kGroup5 + "/priority", "210"),
      set(kGroup5 + "/version", "2"),
      set(kGroup5 + "/ipv4/address[ip='10.10.10.16']"),
      set(kGroup5 + "/ipv4/address[ip='10.10.10.17']"),
      set(kGroup5 + "/priority", "211"),
      set(longer + "/priority", "50"),
      set(kGroup6),
      set(kGroup6 + "/description", "a/b[c='d']/e"),
      set(other + "/priority", "7"),
      set("/tandem-system:hostname", "r1"),
      set(other + "/ipv4/address[ip='10.10.10.18']"),
      remove(kGroup5 + "/ipv4/address[ip='10.10.10.17']"),
      set(kGroup5 + "/ipv4/address[ip='10.10.10.17']"),
      set(kGroup5 + "/ipv4/address[ip='10.10.10.19']"),
      remove(kGroup5),
      set(kGroup5 + "/priority", "212"),
      set(kDefault + "/priority", "120"),
      remove(kEth1),
      set(kGroup5 + "/version", "3"),
      set(kGroup5 + "/ipv4/address[ip='10.10.10.20']"),
  };
  Tree tree(*context_);
  Tree fresh(*context_);
  for (const Edit& edit : edits) {
    ASSERT_TRUE(tree.apply(edit)) << edit.path;
    fresh = Tree(fresh);
    ASSERT_TRUE(fresh.apply(edit)) << edit.path;
    EXPECT_EQ(tree.to_json(false), fresh.to_json(false)) << "after " << edit.path;
  }
}

TEST_F(TreeTest, RefusalBelowTheLastEditNamesTheWholePath) {
  Tree tree = tree_of({set(kGroup5 + "/priority", "210")});
  const auto refused = tree.apply(set(kGroup5 + "/version", "9"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().path, kGroup5 + "/version");
  EXPECT_TRUE(tree.apply(set(kGroup5 + "/version", "2")));
}

TEST_F(TreeTest, RemovingWhatIsNotThereIsNoError) {
  Tree tree =
      tree_of({set(kGroup5), remove(kGroup6), remove(kGroup5 + "/priority"), remove("/tandem-system:hostname")});
  EXPECT_THAT(tree.validate(), IsEmpty());
  EXPECT_FALSE(tree == Tree(*context_));
}

TEST_F(TreeTest, RemovingTheLastGroupLeavesNothing) {
  Tree tree = tree_of({set(kGroup5 + "/priority", "210")});
  EXPECT_THAT(tree.validate(), IsEmpty());
  ASSERT_TRUE(tree.apply(remove(kGroup5)));
  EXPECT_THAT(tree.validate(), IsEmpty());
  EXPECT_TRUE(tree == Tree(*context_));
  EXPECT_THAT(tree.to_data(false).children, IsEmpty());
}

TEST_F(TreeTest, ValuesThatEqualTheModelsDefaultAreDropped) {
  Tree tree = tree_of({set(kGroup5 + "/preempt-delay", "0"), set(kDefault + "/priority", "100")});
  Tree bare = tree_of({set(kGroup5)});
  EXPECT_THAT(tree.validate(), IsEmpty());
  EXPECT_THAT(bare.validate(), IsEmpty());
  EXPECT_TRUE(tree == bare);
  EXPECT_EQ(tree.to_json(false), bare.to_json(false));
}

// doc/decisions/0003-explicit-values-are-kept.md: cli:keep-given.
TEST_F(TreeTest, GivenVersionIsKeptEvenIfItEqualsTheDefault) {
  Tree tree = tree_of({set(kGroup5 + "/version", "3")});
  Tree bare = tree_of({set(kGroup5)});
  EXPECT_THAT(tree.validate(), IsEmpty());
  EXPECT_THAT(bare.validate(), IsEmpty());
  EXPECT_FALSE(tree == bare);
  EXPECT_EQ(tree.to_json(true), bare.to_json(true)) << "they mean the same";
  Tree read(*context_);
  ASSERT_TRUE(read.parse_json(tree.to_json(false)));
  EXPECT_THAT(read.validate(), IsEmpty());
  EXPECT_TRUE(read == tree);
  ASSERT_TRUE(bare.apply(set(kGroup5 + "/version", "3")));  // in a group that has been validated
  EXPECT_THAT(bare.validate(), IsEmpty());
  EXPECT_TRUE(bare == tree);
  ASSERT_TRUE(bare.apply(remove(kGroup5 + "/version")));
  EXPECT_THAT(bare.validate(), IsEmpty());
  EXPECT_FALSE(bare == tree);
}

// doc/decisions/0003-explicit-values-are-kept.md
TEST_F(TreeTest, ExplicitValuesOfAGroupAreKeptEvenIfTheyEqualTheDefault) {
  Tree tree = tree_of({set(kGroup5 + "/priority", "100")});
  Tree bare = tree_of({set(kGroup5)});
  EXPECT_THAT(tree.validate(), IsEmpty());
  EXPECT_THAT(bare.validate(), IsEmpty());
  EXPECT_FALSE(tree == bare);
}

TEST_F(TreeTest, DefaultsAreThereOnRequest) {
  Tree tree = tree_of({set(kGroup5)});
  EXPECT_THAT(tree.validate(), IsEmpty());
  const cli::DataNode data = tree.to_data(true);
  const cli::DataNode* interval = find(data, {"vrrp", "default", "advertisement-interval"});
  ASSERT_NE(interval, nullptr);
  EXPECT_EQ(interval->value, "100");
  EXPECT_EQ(find(data, {"interfaces", "interface", "vrrp", "group", "priority"}), nullptr);
  EXPECT_THAT(tree.to_json(true), HasSubstr("\"advertisement-interval\": 100"));
}

TEST_F(TreeTest, EntriesAreInCanonicalOrder) {
  Tree tree =
      tree_of({set(kEth1 + "/tandem-vrrp:vrrp/group[vrid='10']"), set(kEth1 + "/tandem-vrrp:vrrp/group[vrid='9']"),
               set(kGroup5 + "/ipv4/address[ip='10.0.2.200']"), set(kGroup5 + "/ipv4/address[ip='10.0.2.16']"),
               set("/tandem-vrrp:debug/vrrp[.='arp']"), set("/tandem-vrrp:debug/vrrp[.='protocol']")});
  EXPECT_THAT(tree.validate(), IsEmpty());
  const cli::DataNode data = tree.to_data(false);
  const cli::DataNode* groups = find(data, {"interfaces", "interface", "vrrp"});
  ASSERT_NE(groups, nullptr);
  ASSERT_THAT(groups->children, SizeIs(3));
  EXPECT_EQ(groups->children[0].children[0].value, "5");
  EXPECT_EQ(groups->children[1].children[0].value, "9");
  EXPECT_EQ(groups->children[2].children[0].value, "10");
  const cli::DataNode* addresses = find(groups->children[0], {"ipv4"});
  ASSERT_THAT(addresses->children, SizeIs(2));
  EXPECT_EQ(addresses->children[0].children[0].value, "10.0.2.16");
  const cli::DataNode* debug = find(data, {"debug"});
  ASSERT_THAT(debug->children, SizeIs(2));
  EXPECT_EQ(debug->children[0].value, "protocol");
  const std::string json = tree.to_json(false);
  EXPECT_LT(json.find("\"vrid\": 9"), json.find("\"vrid\": 10"));
}

TEST_F(TreeTest, TopLevelNodesAreInTheOrderOfTheModules) {
  Tree tree = tree_of({set(kGroup5), set("/tandem-vrrp:debug/vrrp[.='arp']"), set("/tandem-system:hostname", "r1")});
  EXPECT_THAT(tree.validate(), IsEmpty());
  std::vector<std::string> names;
  for (const cli::DataNode& node : tree.to_data(false).children) {
    names.push_back(node.schema->name);
  }
  EXPECT_THAT(names, ElementsAre("hostname", "debug", "interfaces"));
}

TEST_F(TreeTest, CopiesAreIndependent) {
  Tree tree = tree_of({set(kGroup5)});
  Tree copy = tree;
  ASSERT_TRUE(copy.apply(set(kGroup5 + "/priority", "90")));
  EXPECT_FALSE(copy == tree);
  copy = tree;
  EXPECT_TRUE(copy == tree);
}

struct Refused {
  std::vector<Edit> edits;
  std::string problem;
};

TEST_F(TreeTest, MustStatementsNameThePathAndTheReason) {
  const std::vector<Refused> table = {
      {{set(kGroup5 + "/version", "2"), set(kGroup5 + "/ipv6/address[ip='2001:db8::1']")},
       kGroup5 + "/ipv6/address[ip='2001:db8::1']: version 2 cannot carry IPv6 addresses"},
      {{set(kGroup5 + "/version", "2"), set(kGroup5 + "/advertisement-interval", "50")},
       kGroup5 +
           "/version: version 2 takes whole seconds only: the advertisement interval must be a multiple of 1000 ms"},
      {{set(kGroup5 + "/version", "2"), set(kDefault + "/advertisement-interval", "150")},
       kGroup5 + "/version: version 2 takes whole seconds only, but `vrrp default advertisement-interval` is not a "
                 "multiple of "
                 "1000 ms"},
      {{set(kGroup5 + "/version", "2"), set(kGroup5 + "/also-version-2", "true")},
       kGroup5 + "/also-version-2: only a group of version 3 can serve version 2 as well"},
      {{set(kGroup5 + "/preempt", "false"), set(kGroup5 + "/preempt-delay", "30")},
       kGroup5 + "/preempt-delay: a preempt delay needs preempt mode"},
      {{set(kDefault + "/preempt", "false"), set(kGroup5 + "/preempt-delay", "30")},
       kGroup5 + "/preempt-delay: a preempt delay needs preempt mode"},
  };
  for (const Refused& row : table) {
    Tree tree = tree_of(row.edits);
    EXPECT_THAT(texts(tree.validate()), ElementsAre(row.problem));
  }
}

TEST_F(TreeTest, ExplicitValuesCountMoreThanTheDefaults) {
  Tree tree = tree_of({set(kDefault + "/advertisement-interval", "150"), set(kDefault + "/preempt", "false"),
                       set(kGroup5 + "/version", "2"), set(kGroup5 + "/advertisement-interval", "200"),
                       set(kGroup5 + "/preempt", "true"), set(kGroup5 + "/preempt-delay", "30")});
  EXPECT_THAT(texts(tree.validate()), IsEmpty());
}

TEST_F(TreeTest, EveryProblemIsReported) {
  Tree tree = tree_of({set(kGroup5 + "/version", "2"), set(kGroup5 + "/ipv6/address[ip='2001:db8::1']"),
                       set(kGroup5 + "/ipv6/address[ip='2001:db8::2']"), set(kGroup6 + "/preempt", "false"),
                       set(kGroup6 + "/preempt-delay", "30")});
  EXPECT_THAT(tree.validate(), SizeIs(3));
}

TEST_F(TreeTest, ValuesThatAreNotOfTheTypeAreRefusedWithTheModelsReason) {
  struct Row {
    std::string path;
    std::string value;
    std::string message;
  };
  const std::vector<Row> table = {
      {kGroup5 + "/ipv4/address[ip='224.0.0.1']", "", "a multicast address cannot be a virtual address"},
      {kGroup5 + "/ipv4/address[ip='239.255.255.255']", "", "a multicast address cannot be a virtual address"},
      {kGroup5 + "/ipv4/address[ip='0.0.0.0']", "", "an unspecified address cannot be a virtual address"},
      {kGroup5 + "/ipv4/address[ip='127.0.0.1']", "", "a loopback address cannot be a virtual address"},
      {kGroup5 + "/ipv4/address[ip='255.255.255.255']", "", "the broadcast address cannot be a virtual address"},
      {kGroup5 + "/ipv4/address[ip='240.1.2.3']", "",
       "an address of the reserved range 240.0.0.0/4 cannot be a virtual address"},
      {kGroup5 + "/ipv6/address[ip='::']", "", "an unspecified address cannot be a virtual address"},
      {kGroup5 + "/ipv6/address[ip='0:0::0']", "", "an unspecified address cannot be a virtual address"},
      {kGroup5 + "/ipv6/address[ip='::1']", "", "a loopback address cannot be a virtual address"},
      {kGroup5 + "/ipv6/address[ip='0:0:0:0:0:0:0:0001']", "", "a loopback address cannot be a virtual address"},
      {kGroup5 + "/ipv6/address[ip='::0.0.0.1']", "", "a loopback address cannot be a virtual address"},
      {kGroup5 + "/ipv6/address[ip='FF02::12']", "", "a multicast address cannot be a virtual address"},
      {kGroup5 + "/ipv6/address[ip='::ffff:10.0.0.1']", "", "an IPv4-mapped address cannot be a virtual address"},
      {"/tandem-interfaces:interfaces/interface[name='a/b']", "",
       "an interface name has no blanks, slashes, colons, quotes or control characters"},
      {"/tandem-interfaces:interfaces/interface[name='sixteen-letters-']", "",
       "an interface name has 1 to 15 characters"},
      {kEth1 + "/description", "the LA\xce", "this is not UTF-8 text"},
      {"/tandem-interfaces:interfaces/interface[name='eth\xff']", "", "this is not UTF-8 text"},
      {"/tandem-system:hostname", "-r1",
       "a host name has letters, digits, dots and hyphens, and begins and ends with a letter or "
       "a digit"},
  };
  for (const Row& row : table) {
    Tree tree(*context_);
    const auto applied = tree.apply({Edit::Kind::set, row.path, row.value});
    ASSERT_FALSE(applied) << row.path;
    EXPECT_EQ(applied.error().message, row.message) << row.path;
    EXPECT_EQ(applied.error().path, row.path);
    EXPECT_TRUE(tree == Tree(*context_)) << row.path;
  }
}

TEST_F(TreeTest, PrioritiesAndIntervalsAreThoseOfTheProtocol) {
  const auto takes = [&](const std::string& leaf, int value) {
    return Tree(*context_).apply(set(kGroup5 + "/" + leaf, std::to_string(value))).has_value();
  };
  EXPECT_TRUE(takes("priority", 1) && takes("priority", 254));
  EXPECT_FALSE(takes("priority", 0) || takes("priority", 255)) << "these have meanings of their own";
  EXPECT_TRUE(takes("advertisement-interval", 1) && takes("advertisement-interval", 4095));
  EXPECT_FALSE(takes("advertisement-interval", 0) || takes("advertisement-interval", 4096));
}

TEST_F(TreeTest, RefusalOfAKeyNamesTheEntryAndNotTheLeafBelow) {
  Tree tree(*context_);
  const std::string entry = kGroup5 + "/ipv4/address[ip='224.0.0.1']";
  EXPECT_EQ(tree.apply(set(entry + "/prefix-length", "24")).error().path, entry);
  const std::string leaf = kGroup5 + "/ipv4/address[ip='10.0.0.1']/prefix-length";
  EXPECT_EQ(tree.apply(set(leaf, "33")).error().path, leaf);
}

TEST_F(TreeTest, UsualAddressesAreTaken) {
  for (const char* ip : {"10.0.2.16", "1.1.1.1", "169.254.1.1", "223.255.255.254", "192.0.2.255"}) {
    EXPECT_THAT(tree_of({set(kGroup5 + "/ipv4/address[ip='" + ip + "']")}).validate(), IsEmpty()) << ip;
  }
  for (const char* ip :
       {"2001:db8::1", "fe80::1", "fd00::ffff:1", "::2", "::1:1", "1::", "1000::1", "64:ff9b::10.0.0.1", "ff::1"}) {
    EXPECT_THAT(tree_of({set(kGroup5 + "/ipv6/address[ip='" + ip + "']")}).validate(), IsEmpty()) << ip;
  }
}

TEST_F(TreeTest, NoMoreAddressesThanAnAdvertisementCarries) {
  const auto with_ipv6 = [this](int count, const char* prefix) {
    Tree tree(*context_);
    for (int i = 1; i <= count; ++i) {
      EXPECT_TRUE(tree.apply(set(kGroup5 + "/ipv6/address[ip='2001:db8::" + std::to_string(i) + "']")));
    }
    EXPECT_TRUE(tree.apply(set(kGroup5 + "/ipv6/address[ip='" + prefix + "::1:1']")));
    return texts(tree.validate());
  };
  const std::string problem =
      kGroup5 + "/ipv6: more than 90 IPv6 addresses, the link-local one included, do not fit into an advertisement";
  EXPECT_THAT(with_ipv6(88, "2001:db8"), IsEmpty());  // and one will be generated
  EXPECT_THAT(with_ipv6(89, "2001:db8"), ElementsAre(problem));
  EXPECT_THAT(with_ipv6(89, "fe80"), IsEmpty());
  EXPECT_THAT(with_ipv6(90, "fe80"), ElementsAre(problem));
}

TEST_F(TreeTest, JsonRoundTrip) {
  Tree tree = tree_of({set("/tandem-system:hostname", "r1"), set(kGroup5 + "/priority", "100"),
                       set(kGroup5 + "/ipv6/address[ip='2001:DB8::1']/prefix-length", "64")});
  ASSERT_THAT(tree.validate(), IsEmpty());
  Tree read(*context_);
  const auto parsed = read.parse_json(tree.to_json(false));
  ASSERT_TRUE(parsed) << parsed.error().front().message;
  EXPECT_THAT(read.validate(), IsEmpty());
  EXPECT_TRUE(read == tree);
}

TEST_F(TreeTest, MergedJsonKeepsWhatItDoesNotMention) {
  Tree tree = tree_of({set("/tandem-system:hostname", "r1"), set(kGroup5 + "/priority", "210")});
  ASSERT_THAT(tree.validate(), IsEmpty());
  Tree more = tree_of({set(kDefault + "/priority", "90"), set(kGroup5 + "/shutdown", "true"), set(kGroup6)});
  ASSERT_THAT(more.validate(), IsEmpty());
  ASSERT_TRUE(tree.merge_json(more.to_json(false)));
  EXPECT_THAT(tree.validate(), IsEmpty());
  Tree expected = tree_of({set("/tandem-system:hostname", "r1"), set(kGroup5 + "/priority", "210"),
                           set(kDefault + "/priority", "90"), set(kGroup5 + "/shutdown", "true"), set(kGroup6)});
  ASSERT_THAT(expected.validate(), IsEmpty());
  EXPECT_TRUE(tree == expected) << tree.to_json(false);
}

TEST_F(TreeTest, JsonWithDefaultsIsTheSameConfiguration) {
  Tree tree = tree_of({set(kGroup5 + "/priority", "100"), set(kGroup5 + "/version", "3")});
  ASSERT_THAT(tree.validate(), IsEmpty());
  Tree read(*context_);
  ASSERT_TRUE(read.parse_json(tree.to_json(true)));
  EXPECT_THAT(read.validate(), IsEmpty());
  EXPECT_TRUE(read == tree);
}

TEST_F(TreeTest, DamagedJsonIsRefusedWithItsLineAndChangesNothing) {
  Tree tree = tree_of({set(kGroup5)});
  const Tree before = tree;
  struct Row {
    std::string text;
    std::size_t line;
  };
  for (const Row& row :
       {Row{"{\n\"tandem-system:hostname\": 5,\n}", 2}, Row{"{\n\n\"tandem-system:nonsense\": \"x\"}", 3},
        Row{"{\n\"tandem-system:hostname\": \"r1\"", 2}, Row{"[]", 1}, Row{"\n\n\n[", 4}, Row{"\n \n{\"x\": 1}", 3},
        Row{std::string("{}\0", 3), 0}}) {
    const auto parsed = tree.parse_json(row.text);
    ASSERT_FALSE(parsed) << row.text;
    EXPECT_EQ(parsed.error().front().line, row.line) << row.text << parsed.error().front().message;
    EXPECT_TRUE(tree == before);
  }
}

TEST_F(TreeTest, MessagesAreOneLineWhateverTheyQuote) {
  Tree tree(*context_);
  const auto parsed = tree.parse_json("{\"tandem-system:host\nname\x1b[2J\": 1}");
  ASSERT_FALSE(parsed);
  for (const char c : parsed.error().front().message) {
    EXPECT_GE(static_cast<unsigned char>(c), 0x20) << parsed.error().front().message;
  }
}

TEST_F(TreeTest, EntriesThatJsonGivesTwiceAreRefusedWithTheirLine) {
  const struct {
    const char* text;
    const char* path;
    std::size_t line;
  } cases[] = {
      {R"({"tandem-interfaces:interfaces":{"interface":[{"name":"e1"},
{"name":"e2"},{"description":"x","name":"e1"}]}})",
       "/tandem-interfaces:interfaces/interface", 2},
      {R"({"tandem-interfaces:interfaces":{"interface":[{"name":"e1","tandem-vrrp:vrrp":{"group":[{"vrid":5},{"vrid":5}]}}]}})",
       "/tandem-interfaces:interfaces/interface/tandem-vrrp:vrrp/group", 1},
      {R"({"tandem-system:hostname":"a","tandem-system:hostname":"b"})", "/tandem-system:hostname", 1},
      {R"({"tandem-interfaces:interfaces":{"interface":[{"name":"e1"}],"interface":[]}})",
       "/tandem-interfaces:interfaces/interface", 1},
      {R"({"tandem-vrrp:debug":{"vrrp":["arp","packets","arp"]}})", "/tandem-vrrp:debug/vrrp", 1},
  };
  for (const auto& each : cases) {
    Tree tree(*context_);
    const auto parsed = tree.parse_json(each.text);
    ASSERT_FALSE(parsed) << each.text;
    EXPECT_EQ(parsed.error().front().path, each.path);
    EXPECT_EQ(parsed.error().front().line, each.line);
    EXPECT_THAT(parsed.error().front().message, HasSubstr("is there twice"));
  }
  std::string many;
  for (int i = 0; i < 100'000; ++i) {
    many += "{\"name\":\"e1\"},";
  }
  EXPECT_FALSE(Tree(*context_).parse_json("{\"tandem-interfaces:interfaces\":{\"interface\":[" + many + "]}}"));
}

TEST_F(TreeTest, WhatIsTheSameInOtherPlacesIsNoDuplicate) {
  Tree tree(*context_);
  const auto parsed = tree.parse_json(
      R"({"tandem-interfaces:interfaces":{"interface":[
{"name":"e1","description":"e1","tandem-vrrp:vrrp":{"group":[{"vrid":5,"ipv4":{"address":[{"ip":"10.0.0.1"}]}},{"vrid":6}]}},
{"name":"e2","description":"e1","tandem-vrrp:vrrp":{"group":[{"vrid":5,"ipv4":{"address":[{"ip":"10.0.0.1"}]}}]}}]}})");
  EXPECT_TRUE(parsed) << parsed.error().front().message;
}

}  // namespace
}  // namespace tandem::yang
