// SPDX-License-Identifier: Apache-2.0
// Each shown field is in the model, and each leaf of the model's state is shown.
#include "vrrpd/mgmt/fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "lib/yang/select.h"
#include "vrrpd/mgmt/show.h"
#include "vrrpd/mgmt/test_views.h"

namespace tandem::vrrpd::mgmt {
namespace {

using testing::HasSubstr;

const yang::Context& context() {
  static const auto loaded = yang::Context::load(yang::default_directory(),
                                                 {"tandem-cli", "tandem-system", "tandem-vrrp", "tandem-interfaces"});
  return **loaded;
}

// The names of the leaves and leaf-lists between two lines of the module.
std::set<std::string> leaves_between(const std::string& first, const std::string& last) {
  std::ifstream file(yang::default_directory() + "/tandem-vrrp.yang");
  std::set<std::string> names;
  bool within = false;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string keyword;
    std::string name;
    words >> keyword >> name;
    within = within ? line.find(last) == std::string::npos : line.find(first) != std::string::npos;
    if (within && (keyword == "leaf" || keyword == "leaf-list")) {
      names.insert(name);
    }
  }
  return names;
}

std::set<std::string> leaves_of_the_state() {
  std::set<std::string> names = leaves_between("  grouping router-state {", "list transition {");
  names.merge(leaves_between("  grouping router-statistics {", "container errors {"));
  return names;
}

// The JSON of a group in which every leaf has a value.
std::string everything() {
  GroupView group = classic_backup();
  group.v4.initialize_reason = core::InitializeReason::interface_down;
  GroupView stopped = group;
  stopped.config.vrid = core::Vrid(6);
  stopped.v4.state = core::State::initialize;
  group.v4.startup_delay_left = std::chrono::seconds(30);
  const std::vector<GroupView> groups{group, stopped};
  const std::vector<HistoryEntry> history{
      {.interface = "eth1", .vrid = core::Vrid(5), .family = core::Family::ipv4, .past = *group.v4.last_transition}};
  return model_json(groups, history);
}

base::Result<std::string> selected_of(std::string_view document, std::string_view text) {
  const auto paths = yang::read_paths(context(), text);
  return paths ? yang::select(context(), document, *paths)
               : base::Result<std::string>(base::Unexpected<base::Error>(paths.error()));
}

TEST(Model, TakesEverythingThatIsShown) {
  const auto selected = selected_of(everything(), "/");
  ASSERT_TRUE(selected.has_value()) << selected.error().message;
}

TEST(Model, HasNoLeafThatIsNotShown) {
  const std::string shown = everything();
  for (const std::string& leaf : leaves_between("  // ---- state", "  // ---- configuration")) {
    EXPECT_THAT(shown, HasSubstr("\"" + leaf + "\":"));
  }
}

TEST(Model, HasALeafForEveryFieldOfTextAndJson) {
  const std::set<std::string> state = leaves_of_the_state();
  std::set<std::string> group = leaves_between("        leaf vrid {", "        container ipv4 {");
  group.merge(leaves_between("  grouping priority {", "  // ---- state"));
  group.insert("name");
  const auto check = [&](const GroupField& field) { EXPECT_TRUE(group.contains(field.model)) << field.model; };
  const auto check_router = [&](const RouterField& field) { EXPECT_TRUE(state.contains(field.model)) << field.model; };
  for (const auto& rows : {text_rows(), detail_text_rows()}) {
    for (const TextRow& row : rows) {
      if (const auto* const* field = std::get_if<const GroupField*>(&row)) {
        check(**field);
      } else {
        check_router(*std::get<const RouterField*>(row));
      }
    }
  }
  for (const GroupField* field : json_group_fields()) {
    check(*field);
  }
  for (const RouterField* field : json_router_fields()) {
    check_router(*field);
  }
  for (const RouterField* field : counter_fields()) {
    check_router(*field);
  }
}

TEST(Model, SelectsByPathAndSaysWhatIsWrongWithOne) {
  const std::string document = everything();
  const auto status = selected_of(
      document,
      "/tandem-interfaces:interfaces/interface[name='eth1']/tandem-vrrp:vrrp/group[vrid='6']/ipv4/state/status");
  ASSERT_TRUE(status.has_value()) << status.error().message;
  EXPECT_EQ(*status, R"({
  "tandem-interfaces:interfaces": {
    "interface": [
      {
        "name": "eth1",
        "tandem-vrrp:vrrp": {
          "group": [
            {
              "vrid": 6,
              "ipv4": {
                "state": {
                  "status": "initialize"
                }
              }
            }
          ]
        }
      }
    ]
  }
}
)");
  const auto nobody = selected_of(document, "/tandem-interfaces:interfaces/interface[name='eth9']");
  ASSERT_TRUE(nobody.has_value()) << nobody.error().message;
  EXPECT_EQ(*nobody, "{}\n");
  for (const char* wrong : {"/nonsense", "/tandem-interfaces:interfaces/nonsense", "/frr-vrrpd:lib", "][", "",
                            "1 mod 0", "deref(//vrid)", "//group[nothing='1']", "//*[count(//*) = 1]"}) {
    const auto refused = selected_of(document, wrong);
    ASSERT_FALSE(refused.has_value()) << wrong;
    EXPECT_THAT(refused.error().message, HasSubstr(wrong));
    EXPECT_GT(refused.error().message.size(), std::string(wrong).size() + 10) << "says why";
  }
}

TEST(Model, SelectsAtAnyDepthAndSeveralAtOnce) {
  const auto selected = selected_of(everything(), "//group[vrid = '6']/priority | //group/version");
  ASSERT_TRUE(selected.has_value()) << selected.error().message;
  std::string flat = *selected;
  std::erase_if(flat, [](char c) { return c == ' ' || c == '\n'; });
  EXPECT_EQ(flat, R"({"tandem-interfaces:interfaces":{"interface":[{"name":"eth1","tandem-vrrp:vrrp":{"group":[)"
                  R"({"vrid":5,"version":3},{"vrid":6,"version":3,"priority":100}]}}]}})");
  EXPECT_EQ(selected_of(everything(), "//*").value(), selected_of(everything(), "/").value());
  EXPECT_EQ(selected_of(everything(), "//errors//*[.='none']").value(), "{}\n");
}

TEST(Model, OfNothingIsAnEmptyObject) {
  const auto selected = selected_of(model_json({}, {}), "/tandem-interfaces:interfaces");
  ASSERT_TRUE(selected.has_value()) << selected.error().message;
  EXPECT_EQ(*selected, "{}\n");
}

// Each leaf of the state has exactly one row.
TEST(Model, HasOneRowForEachLeaf) {
  std::set<std::string> shown;
  for (const RouterField* field : model_router_fields()) {
    EXPECT_TRUE(shown.insert(field->model).second) << field->model;
  }
  EXPECT_EQ(shown, leaves_of_the_state());
}

}  // namespace
}  // namespace tandem::vrrpd::mgmt
