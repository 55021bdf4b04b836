// SPDX-License-Identifier: Apache-2.0
// The schema that the command line derives from the real modules.
#include "lib/cli/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>

#include "lib/yang/context.h"

namespace tandem::yang {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class SchemaTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loaded = Context::load(default_directory(), {"tandem-system", "tandem-vrrp", "tandem-interfaces"});
    ASSERT_TRUE(loaded) << loaded.error().message;
    context_ = std::move(*loaded);
  }
  const cli::SchemaNode& node(const std::vector<std::string>& path) const {
    const cli::SchemaNode* found = context_->schema().root.get();
    for (const std::string& name : path) {
      found = found->child(name);
      if (found == nullptr) {
        ADD_FAILURE() << "no node " << name;
        return *context_->schema().root;
      }
    }
    return *found;
  }
  static std::vector<std::string> names(const cli::SchemaNode& parent) {
    std::vector<std::string> all;
    for (const auto& child : parent.children) {
      all.push_back(child->name);
    }
    return all;
  }
  const cli::SchemaNode& group() const { return node({"interfaces", "interface", "vrrp", "group"}); }

  std::unique_ptr<Context> context_;
};

void for_each_node(const cli::SchemaNode& parent, const std::function<void(const cli::SchemaNode&)>& use) {
  for (const auto& child : parent.children) {
    use(*child);
    for_each_node(*child, use);
  }
}

// The order of running-config.
TEST_F(SchemaTest, NodesAreInTheOrderOfRunningConfig) {
  EXPECT_THAT(names(*context_->schema().root), ElementsAre("hostname", "banner", "log", "vrrp", "debug", "interfaces"));
  EXPECT_THAT(names(node({"vrrp"})), ElementsAre("autoconfigure", "address-lease", "startup-delay", "default"));
  EXPECT_THAT(names(group()),
              ElementsAre("vrid", "version", "also-version-2", "description", "priority", "preempt", "preempt-delay",
                          "accept-mode", "checksum-with-ipv4-pseudoheader", "advertisement-interval", "shutdown",
                          "router-advertisement", "ipv4", "ipv6"));
}

TEST_F(SchemaTest, StateIsNotConfiguration) {
  EXPECT_THAT(names(node({"interfaces", "interface", "vrrp", "group", "ipv4"})), ElementsAre("address"));
}

TEST_F(SchemaTest, TypesHaveTheirRanges) {
  const auto check_number = [this](const std::string& leaf, std::int64_t minimum, std::int64_t maximum) {
    const cli::ValueType& type = group().child(leaf)->type;
    EXPECT_EQ(type.kind, cli::ValueKind::number) << leaf;
    EXPECT_EQ(type.minimum, minimum) << leaf;
    EXPECT_EQ(type.maximum, maximum) << leaf;
  };
  check_number("vrid", 1, 255);
  check_number("version", 2, 3);
  check_number("priority", 1, 254);
  check_number("advertisement-interval", 1, 4095);
  EXPECT_EQ(group().child("preempt")->type.kind, cli::ValueKind::boolean);
  EXPECT_EQ(group().child("description")->type.kind, cli::ValueKind::line);
  EXPECT_EQ(node({"interfaces", "interface", "name"}).type.kind, cli::ValueKind::word);
  EXPECT_EQ(node({"interfaces", "interface", "name"}).type.maximum, 15);
  EXPECT_EQ(node({"interfaces", "interface", "vrrp", "group", "ipv4", "address", "ip"}).type.kind,
            cli::ValueKind::ipv4_address);
  EXPECT_EQ(node({"interfaces", "interface", "vrrp", "group", "ipv6", "address", "ip"}).type.kind,
            cli::ValueKind::ipv6_address);
}

TEST_F(SchemaTest, EnumerationsHaveTheirHelp) {
  const cli::SchemaNode& debug = node({"debug", "vrrp"});
  EXPECT_EQ(debug.kind, cli::NodeKind::leaf_list);
  ASSERT_EQ(debug.type.values.size(), 8U);
  EXPECT_EQ(debug.type.values.front().name, "protocol");
  EXPECT_EQ(debug.type.values.front().help, "Debug protocol state");
}

// A group has no defaults where `vrrp default` has them: doc/decisions/0003-explicit-values-are-kept.md
TEST_F(SchemaTest, DefaultsOfGroupParametersStandInVrrpDefault) {
  EXPECT_EQ(node({"vrrp", "default", "priority"}).default_value, "100");
  EXPECT_EQ(node({"vrrp", "default", "advertisement-interval"}).default_value, "100");
  EXPECT_EQ(node({"vrrp", "default", "preempt"}).default_value, "true");
  EXPECT_EQ(node({"vrrp", "default", "accept-mode"}).default_value, "true");
  EXPECT_EQ(node({"vrrp", "default", "shutdown"}).default_value, "false");
  for (const std::string& name : names(node({"vrrp", "default"}))) {
    ASSERT_NE(group().child(name), nullptr) << name;
    EXPECT_EQ(group().child(name)->default_value, std::nullopt) << name;
  }
  EXPECT_EQ(group().child("version")->default_value, "3");
}

TEST_F(SchemaTest, AnnotationsComeThroughAugmentsAndGroupings) {
  EXPECT_EQ(group().cli.command, "vrrp <vrid>");
  EXPECT_EQ(group().cli.prefix, "vrrp <vrid>");
  EXPECT_EQ(group().cli.object, "vrrp {vrid} on {interface/name}");
  EXPECT_EQ(group().module, "tandem-vrrp");
  EXPECT_THAT(group().keys, ElementsAre("vrid"));
  EXPECT_TRUE(group().child("version")->cli.print_inline);
  EXPECT_EQ(group().child("priority")->cli.value_help, "Priority value");
  EXPECT_EQ(group().child("advertisement-interval")->cli.multiplier, 10);
  const cli::SchemaNode& interface = node({"interfaces", "interface"});
  EXPECT_EQ(interface.cli.mode, "config-if");
  EXPECT_EQ(interface.child("name")->cli.completer, "interface");
  EXPECT_EQ(interface.child("name")->cli.placeholder, "IFNAME");
  EXPECT_EQ(node({"interfaces", "interface", "vrrp", "group", "ipv4", "address", "ip"}).cli.slash, "prefix-length");
  EXPECT_THAT(context_->schema().ignored, Contains("frr version LINE..."));
}

TEST_F(SchemaTest, EveryNodeIsDescribed) {
  for_each_node(*context_->schema().root,
                [](const cli::SchemaNode& each) { EXPECT_FALSE(each.description.empty()) << each.name; });
}

TEST(ContextTest, MissingModuleIsAnErrorThatNamesIt) {
  const auto loaded = Context::load(default_directory(), {"tandem-nonsense"});
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().message, HasSubstr("cannot load YANG module tandem-nonsense from " + default_directory()));
}

TEST(ContextTest, MissingDirectoryIsAnErrorThatNamesIt) {
  const auto loaded = Context::load("/nonexistent", {"tandem-system"});
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().message, HasSubstr("/nonexistent"));
}

TEST(ContextTest, ModulesInstalledTogetherWithTheProgramAreFoundUnderAnyPrefix) {
  std::string prefix = (std::filesystem::temp_directory_path() / "tandem-prefix.XXXXXX").string();
  ASSERT_NE(::mkdtemp(prefix.data()), nullptr);
  EXPECT_EQ(directory_beside(prefix + "/sbin/vrrpd"), "");
  std::filesystem::create_directories(prefix + "/share/tandem/yang");
  EXPECT_EQ(directory_beside(prefix + "/sbin/vrrpd"), prefix + "/share/tandem/yang");
  EXPECT_EQ(directory_beside(prefix + "/sbin/vrrpd (deleted)"), prefix + "/share/tandem/yang");  // after an upgrade
  EXPECT_EQ(directory_beside(""), "");
  std::filesystem::remove_all(prefix);
}

}  // namespace
}  // namespace tandem::yang
