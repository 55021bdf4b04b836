// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/data_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/limits.h"

namespace tandem::cli {
namespace {

using testing::HasSubstr;

// The parsed paths: "//" or "/", MODULE:NAME, [NAME=VALUE].
std::string to_string(const std::vector<DataPath>& paths) {
  std::string text;
  for (const DataPath& path : paths) {
    text += text.empty() ? "" : " | ";
    text += path.empty() ? "everything" : "";
    for (const DataPathStep& step : path) {
      text += (step.at_any_depth ? "//" : "/") + step.module + (step.module.empty() ? "" : ":") + step.name;
      for (const PathPredicate& predicate : step.predicates) {
        text += fmt::format("[{}{}{}={}]", predicate.module, predicate.module.empty() ? "" : ":", predicate.name,
                            predicate.value);
      }
    }
  }
  return text;
}

std::string read(std::string_view text) {
  const auto paths = parse_data_paths(text);
  return paths ? to_string(*paths) : describe(paths.error(), text);
}

TEST(DataPath, IsStepsWithPredicates) {
  EXPECT_EQ(read("/tandem-interfaces:interfaces/interface[name='eth1']/tandem-vrrp:vrrp/group[vrid=\"5\"]"),
            "/tandem-interfaces:interfaces/interface[name=eth1]/tandem-vrrp:vrrp/group[vrid=5]");
  EXPECT_EQ(read("/a/b[.='x / [y] | z']"), "/a/b[.=x / [y] | z]");
  EXPECT_EQ(read("/a[m:k='1'][l='']"), "/a[m:k=1][l=]");
  EXPECT_EQ(read("/a[b='it''s \"'][c=''''][d=\"'\"]"), "/a[b=it's \"][c='][d=']");
}

TEST(DataPath, SelectsAtAnyDepthAnyNameAndSeveral) {
  EXPECT_EQ(read("//group[vrid = '5']/priority | //group/version"), "//group[vrid=5]/priority | //group/version");
  EXPECT_EQ(read("//*/ m:b "), "//*/m:b");
  EXPECT_EQ(read("/"), "everything");
  EXPECT_EQ(read(" / | //x"), "everything | //x");
}

TEST(DataPath, RefusesWhatIsNoneAndNamesThePlace) {
  const struct {
    const char* text;
    const char* why;
  } cases[] = {
      {"", ": at character 1: a path begins with /"},
      {"1 mod 0", "1 mod 0: at character 1: a path begins with /"},
      {"][", "][: at character 1: a path begins with /"},
      {"deref(//vrid)", "at character 1: a path begins with /"},
      {"/a/", "at character 4: expected the name of a node"},
      {"//", "at character 3: expected the name of a node"},
      {"/a:", "at character 2: expected the name of a node"},
      {"/a/..", "at character 4: expected the name of a node"},
      {"/a[1]", "at character 4: expected the name of a node"},
      {"/a[b]", "at character 5: expected = and a value in quotes"},
      {"/a[b=5]", "at character 6: expected a value in quotes"},
      {"/a[b='5]", "at character 6: a quote without its end"},
      {"/a[b='5'", "at character 9: expected ]"},
      {"/a[b='5' or 1]", "at character 10: expected ]"},
      {"//*[count(//*) = 1]", "at character 10: expected = and a value in quotes"},
      {"/a |", "at character 5: a path begins with /"},
      {"/a b", "at character 4: expected a path's next step"},
      {"/a\tb", "at character 3: expected a path's next step"},
  };
  for (const auto& each : cases) {
    EXPECT_FALSE(parse_data_paths(each.text).has_value()) << each.text;
    EXPECT_THAT(read(each.text), HasSubstr(each.why));
  }
}

TEST(DataPath, IsLimited) {
  std::string steps;
  for (std::size_t i = 0; i < kMaxPathSteps; ++i) {
    steps += "//*";
  }
  EXPECT_TRUE(parse_data_paths(steps).has_value());
  EXPECT_THAT(read(steps + "/a"), HasSubstr("more than 32 steps"));
  EXPECT_THAT(read(steps + "|/a"), HasSubstr("more than 32 steps")) << "all paths together";
  std::string predicates = "/a";
  for (std::size_t i = 0; i < kMaxPathPredicates; ++i) {
    predicates += "[b='']";
  }
  EXPECT_TRUE(parse_data_paths(predicates).has_value());
  EXPECT_THAT(read(predicates + "[b='']"), HasSubstr("more than 16 predicates"));
  EXPECT_FALSE(parse_data_paths("/" + std::string(base::kMaxLineLength, 'a')).has_value());
}

}  // namespace
}  // namespace tandem::cli
