// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/mgmt/show.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "vrrpd/mgmt/test_views.h"
#include "vrrpd/mgmt/words.h"

namespace tandem::vrrpd::mgmt {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string row(const std::string& label, const std::string& value) {
  return fmt::format("\n {:<37}   {:<{}}   \n", label, value, std::string("00:00:5e:00:01:05").size());
}

std::string json_of(std::span<const GroupView> groups, Level level = Level::normal) {
  std::string document;
  show_json(groups, level, [&document](const std::string& piece) { document += piece; });
  return document;
}

TEST(ShowVrrp, PrintsTheRowsOfTheClassicCaseInFrrsLayout) {
  const std::vector<GroupView> groups{classic_master()};
  const std::string text = show_text(groups);
  EXPECT_THAT(text, StartsWith("\n Virtual Router ID "));
  const std::vector<std::pair<std::string, std::string>> rows{
      {"Virtual Router ID", "5"},
      {"Protocol Version", "3"},
      {"Autoconfigured", "No"},
      {"Shutdown", "No"},
      {"Interface", "eth1"},
      {"VRRP interface (v4)", "vrrp4-3-5"},
      {"VRRP interface (v6)", "None"},
      {"Primary IP (v4)", "10.10.10.15"},
      {"Primary IP (v6)", "::"},
      {"Virtual MAC (v4)", "00:00:5e:00:01:05"},
      {"Virtual MAC (v6)", "00:00:5e:00:02:05"},
      {"Status (v4)", "Master"},
      {"Status (v6)", "Initialize"},
      {"Priority", "210"},
      {"Effective Priority (v4)", "210"},
      {"Effective Priority (v6)", "210"},
      {"Preempt Mode", "Yes"},
      {"Accept Mode", "Yes"},
      {"Checksum with IPv4 Pseudoheader", "Yes"},
      {"Advertisement Interval", "1000 ms"},
      {"Master Advertisement Interval (v4)", "1000 ms"},
      {"Master Advertisement Interval (v6)", "0 ms"},
      {"Advertisements Tx (v4)", "11"},
      {"Advertisements Tx (v6)", "0"},
      {"Advertisements Rx (v4)", "0"},
      {"Advertisements Rx (v6)", "0"},
      {"Gratuitous ARP Tx (v4)", "1"},
      {"Neigh. Adverts Tx (v6)", "0"},
      {"State transitions (v4)", "2"},
      {"State transitions (v6)", "0"},
      {"Skew Time (v4)", "170 ms"},
      {"Skew Time (v6)", "0 ms"},
      {"Master Down Interval (v4)", "3170 ms"},
      {"Master Down Interval (v6)", "0 ms"},
      {"IPv4 Addresses", "1"},
      {"..................................", "10.10.10.16"},
      {"IPv6 Addresses", "0"},
  };
  std::size_t position = 0;
  for (const auto& [label, value] : rows) {
    const std::size_t found = text.find(row(label, value), position);
    ASSERT_NE(found, std::string::npos) << label << " is missing or out of order in:\n" << text;
    position = found + 1;
  }
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), static_cast<long>(rows.size()) + 2);
}

TEST(ShowVrrp, SummaryShowsTheRealStateInAlignedColumns) {
  const std::vector<GroupView> groups{classic_master()};
  EXPECT_EQ(show_summary_text(groups),
            "\n"
            " Interface   VRID   Priority   IPv4   IPv6   State (v4)   State (v6)   \n"
            " ----------------------------------------------------------------------\n"
            " eth1        5      210        1      0      Master       Initialize   \n"
            "\n");
}

TEST(ShowVrrp, SummaryWithoutGroupsIsTheHeaderAlone) { EXPECT_THAT(show_summary_text({}), Not(HasSubstr("---"))); }

TEST(ShowVrrp, JsonHasFrrsLayoutKeysAndOrder) {
  const std::vector<GroupView> groups{classic_master()};
  const std::string json = json_of(groups);
  EXPECT_THAT(json, StartsWith("[\n  {\n    \"vrid\":5,\n    \"version\":3,\n    \"autoconfigured\":false,\n"
                               "    \"shutdown\":false,\n    \"preemptMode\":true,\n    \"acceptMode\":true,\n"
                               "    \"checksumWithIpv4Pseudoheader\":true,\n    \"interface\":\"eth1\",\n"
                               "    \"advertisementInterval\":1000,\n    \"priority\":210,\n    \"v4\":{\n"
                               "      \"interface\":\"vrrp4-3-5\",\n      \"vmac\":\"00:00:5e:00:01:05\",\n"
                               "      \"primaryAddress\":\"10.10.10.15\",\n      \"status\":\"Master\",\n"
                               "      \"effectivePriority\":210,\n      \"masterAdverInterval\":1000,\n"
                               "      \"skewTime\":170,\n      \"masterDownInterval\":3170,\n      \"stats\":{\n"
                               "        \"adverTx\":11,\n        \"adverRx\":0,\n        \"garpTx\":1,\n"
                               "        \"transitions\":2,\n"));
  EXPECT_THAT(json, HasSubstr("\"neighborAdverTx\":0"));
  EXPECT_THAT(json, HasSubstr("\"skewTimeMicroseconds\":179687"));
  EXPECT_THAT(json, HasSubstr("\"checksum\":0"));
}

TEST(ShowVrrp, JsonOfManyGroupsComesInPiecesOfOneDocument) {
  const std::vector<GroupView> one{classic_master()};
  const std::vector<GroupView> many(1000, one.front());
  std::size_t pieces = 0;
  std::string document;
  show_json(many, Level::normal, [&](const std::string& piece) {
    EXPECT_LT(piece.size(), 100'000U);
    document += piece;
    ++pieces;
  });
  EXPECT_GT(pieces, 10U);
  const std::string of_one = json_of(one);
  const std::string object = of_one.substr(1, of_one.size() - 4);  // without "[" and "\n]\n"
  std::string expected = "[";
  for (std::size_t i = 0; i < many.size(); ++i) {
    expected += (i == 0 ? "" : ",") + object;
  }
  EXPECT_TRUE(document == expected + "\n]\n");
}

TEST(ShowVrrp, JsonOfNothingIsAnEmptyArrayAsFrrPrintsIt) { EXPECT_EQ(json_of({}), "[\n]\n"); }

TEST(ShowVrrp, SaysWhyARouterIsInInitialize) {
  GroupView group = classic_master();
  group.v4.state = core::State::initialize;
  group.v4.initialize_reason = core::InitializeReason::interface_down;
  const std::vector<GroupView> groups{group};
  EXPECT_THAT(json_of(groups), HasSubstr("\"initializeReason\":\"interface eth1 is down\""));
}

TEST(ShowVrrp, WarnsBelowTheRowsAndInJson) {
  GroupView group = classic_master();
  const std::string without = show_text(std::vector<GroupView>{group});
  group.v4.warnings = {"the kernel does not answer for 10.10.10.16", "another"};
  const std::vector<GroupView> groups{group};
  EXPECT_EQ(show_text(groups), without.substr(0, without.size() - 1) +
                                   " Warning (v4): the kernel does not answer for 10.10.10.16\n"
                                   " Warning (v4): another\n\n");
  EXPECT_THAT(show_detail_text(groups), HasSubstr(" Warning (v4): another\n"));
  EXPECT_THAT(json_of(groups), HasSubstr("\"warnings\":[\n        \"the kernel does not answer for 10.10.10.16\",\n"
                                         "        \"another\"\n"));
  EXPECT_THAT(model_json(groups, {}), HasSubstr("\"warning\":[\n"));
}

// Every line fits a screen of 80 columns.
void expect_fits(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 80U) << line;
  }
}

TEST(ShowVrrpDetail, BeginsWithStateReasonAndSince) {
  const std::vector<GroupView> groups{classic_backup()};
  const std::string text = show_detail_text(groups);
  EXPECT_THAT(text, StartsWith("\n"
                               " vrrp 5 on eth1\n"
                               " gateway of the office\n"
                               " IPv4 Backup: 10.10.10.15 has priority 210\n"
                               "      since 2023-11-14T22:13:20.123Z\n"
                               " IPv6 Initialize: no virtual addresses are configured\n"));
  expect_fits(text);
}

TEST(ShowVrrpDetail, FitsAScreenWithTheLongestNamesAndTexts) {
  GroupView group = classic_backup();
  group.interface = "interface-name1";
  group.config.description =
      "a description that is much longer than a line of a terminal, because a user has written "
      "what the group is for, who looks after it, and whom to call when it has gone";
  group.v6.exists = true;
  group.v6.initialize_reason = core::InitializeReason::no_device;
  group.v6.primary = base::IpAddress::parse("fe80:1111:2222:3333:4444:5555:6666:7777");
  const std::vector<GroupView> groups{group};
  std::string text = show_detail_text(groups);
  for (std::size_t at; (at = text.find(" \n")) != std::string::npos;) {
    text.erase(at, 1);  // the padding of FRR's table
  }
  expect_fits(text);
  expect_fits(show_summary_text(groups));
}

TEST(ShowVrrpDetail, HasTheRowsOfShowVrrpAndEveryCounter) {
  GroupView group = classic_backup();
  group.v4.statistics.drops.count(packet::Drop::checksum);
  group.v4.statistics.priority_zero_received = 4;
  const std::vector<GroupView> groups{group};
  const std::string text = show_detail_text(groups);
  EXPECT_THAT(text, HasSubstr("\n Virtual Router ID                       5 "));
  EXPECT_THAT(text, HasSubstr("\n Master Address (v4)                     10.10.10.15 "));
  EXPECT_THAT(text, HasSubstr("\n Priority 0 Rx                                                   4            0\n"));
  for (std::size_t i = 0; i < packet::kDropCount; ++i) {
    EXPECT_THAT(text, HasSubstr("Dropped: " + std::string(packet::info(static_cast<packet::Drop>(i)).description)));
  }
  EXPECT_THAT(text, HasSubstr("Dropped: checksum is wrong                                      1            0\n"));
}

TEST(ShowVrrpDetail, JsonAddsKeysToThoseOfShowVrrp) {
  const std::vector<GroupView> groups{classic_backup()};
  const std::string json = json_of(groups, Level::detail);
  EXPECT_THAT(json, HasSubstr("\"reason\":\"10.10.10.15 has priority 210\""));
  EXPECT_THAT(json, HasSubstr("\"priorityZeroRx\":0"));
  EXPECT_THAT(json, HasSubstr("\"description\":\"gateway of the office\""));
  EXPECT_THAT(json_of(groups), Not(HasSubstr("priorityZeroRx")));
}

struct Reason {
  const char* name;
  void (*arrange)(GroupView& group);
  const char* words;
};

class ReasonOfState : public testing::TestWithParam<Reason> {};

TEST_P(ReasonOfState, IsSaidInWords) {
  GroupView group = classic_backup();
  GetParam().arrange(group);
  EXPECT_EQ(reason_of_state(group, group.v4), GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(
    Words, ReasonOfState,
    testing::Values(Reason{"Initialize",
                           [](GroupView& g) {
                             g.v4.state = core::State::initialize;
                             g.v4.initialize_reason = core::InitializeReason::interface_down;
                           },
                           "interface eth1 is down"},
                    Reason{"Backup", [](GroupView&) {}, "10.10.10.15 has priority 210"},
                    Reason{"BackupOfNobody", [](GroupView& g) { g.v4.master.reset(); }, "no Master has been heard yet"},
                    Reason{"BackupOfTheOwner", [](GroupView& g) { g.v4.master->priority = 255; },
                           "10.10.10.15 owns the virtual addresses (priority 255)"},
                    Reason{"BackupByNoPreempt",
                           [](GroupView& g) {
                             g.v4.master->priority = 90;
                             g.config.preempt = false;
                           },
                           "10.10.10.15 has priority 90, and preempt mode is off"},
                    Reason{"BackupByPreemptDelay", [](GroupView& g) { g.v4.master->priority = 90; },
                           "10.10.10.15 has priority 90, the preempt delay is not over"},
                    Reason{"BackupOfNobodyInTheStartupDelay",
                           [](GroupView& g) {
                             g.v4.master.reset();
                             g.v4.startup_delay_left = std::chrono::milliseconds(29001);
                           },
                           "no Master has been heard yet, the startup delay ends in 30 s"},
                    Reason{"BackupInTheStartupDelay",
                           [](GroupView& g) {
                             g.v4.master->priority = 90;
                             g.v4.startup_delay_left = std::chrono::milliseconds(1);
                           },
                           "10.10.10.15 has priority 90, the startup delay ends in 1 s"},
                    Reason{"BackupOfABetterOneInTheStartupDelay",
                           [](GroupView& g) { g.v4.startup_delay_left = std::chrono::seconds(9); },
                           "10.10.10.15 has priority 210"},
                    Reason{"Master",
                           [](GroupView& g) {
                             g.v4.state = core::State::master;
                             g.v4.last_transition->transition.cause = core::Cause::master_down;
                           },
                           "master down interval expired (10.10.10.15, priority 210)"}),
    [](const auto& test) { return test.param.name; });

TEST(ShowVrrpHistory, TellsEachTransitionInTwoLines) {
  const GroupView group = classic_backup();
  const std::vector<HistoryEntry> history{
      {.interface = "eth1", .vrid = core::Vrid(5), .family = core::Family::ipv4, .past = *group.v4.last_transition}};
  EXPECT_EQ(show_history_text(history),
            "2023-11-14T22:13:20.123Z vrrp 5 on eth1 (IPv4): Master -> Backup\n"
            "    higher priority advertisement received (10.10.10.15, priority 210)\n");
  EXPECT_EQ(show_history_json(history),
            "[\n  {\n    \"time\":\"2023-11-14T22:13:20.123Z\",\n    \"interface\":\"eth1\",\n    \"vrid\":5,\n"
            "    \"family\":\"IPv4\",\n    \"from\":\"Master\",\n    \"to\":\"Backup\",\n"
            "    \"reason\":\"higher priority advertisement received\",\n    \"peer\":\"10.10.10.15\",\n"
            "    \"peerPriority\":210\n  }\n]\n");
}

TEST(ShowVrrpHistory, FitsAScreenWithTheLongestNamesAndReasons) {
  PastTransition past = *classic_backup().v4.last_transition;
  past.transition.from = core::State::initialize;
  past.transition.cause = core::Cause::equal_priority_higher_address;
  past.transition.peer = base::IpAddress::parse("fe80:1111:2222:3333:4444:5555:6666:7777");
  const std::vector<HistoryEntry> history{
      {.interface = "interface-name1", .vrid = core::Vrid(255), .family = core::Family::ipv6, .past = past}};
  expect_fits(show_history_text(history));
}

// A Master, the advert counters of the other router, and a group on an interface with a long name.
std::vector<GroupView> groups_to_watch() {
  GroupView long_one = classic_backup();
  long_one.interface = "interface-name1";
  long_one.v6.exists = true;
  long_one.v6.state = core::State::backup;
  long_one.v6.master = {*base::IpAddress::parse("fe80:1111:2222:3333:4444:5555:6666:7777"), 210, {}};
  return {classic_master(), long_one};
}

TEST(MonitorVrrp, ShowsEveryVirtualRouterOnALineWithItsRate) {
  const base::WallTime wall = *classic_backup().v4.since + std::chrono::minutes(2);
  AdvertRates rates;
  std::vector<GroupView> groups = groups_to_watch();
  groups.pop_back();
  groups[0].v4.since = wall - std::chrono::seconds(75);
  groups[0].v4.last_transition = {wall, {core::State::backup, core::State::master, core::Cause::master_down}};
  EXPECT_EQ(monitor_screen(groups, rates, {base::TimePoint(), wall}),
            "2023-11-14T22:15:20Z  Virtual routers: 1 Master, 0 Backup, 0 Initialize\n\n"
            "Interface VRID IP State  Since Adv/s Master      Last event\n"
            "eth1         5 v4 Master 1m15s     - 10.10.10.15 master is silent\n");
  groups[0].v4.statistics.advertisements_sent += 21;
  EXPECT_THAT(monitor_screen(groups, rates, {base::TimePoint(std::chrono::seconds(2)), wall}),
              HasSubstr(" 1m15s  10.5 10.10.10.15 "));
  groups[0].v4.statistics = {};
  EXPECT_THAT(monitor_screen(groups, rates, {base::TimePoint(std::chrono::seconds(4)), wall}),
              HasSubstr(" 1m15s     - 10.10.10.15 "))
      << "the counters were cleared";
}

TEST(MonitorVrrp, FitsAScreenWithTheLongestNames) {
  AdvertRates rates;
  const std::string screen = monitor_screen(groups_to_watch(), rates, {});
  expect_fits(screen);
  EXPECT_THAT(screen, HasSubstr("interface-name1    5 v4 Backup"));
  EXPECT_THAT(screen, HasSubstr("~"));
  EXPECT_THAT(monitor_screen(groups_to_watch(), rates, {}, 160), Not(HasSubstr("~"))) << "a wide terminal is used";
}

TEST(MonitorVrrp, ALookTooSoonRepeatsTheRateOfBefore) {
  using std::chrono::milliseconds;
  AdvertRates rates;
  GroupView group = classic_master();
  EXPECT_FALSE(rates.look(group, group.v4, base::TimePoint(milliseconds(0))));
  group.v4.statistics.advertisements_sent += 10;
  EXPECT_EQ(rates.look(group, group.v4, base::TimePoint(milliseconds(1000))), 10.0);
  group.v4.statistics.advertisements_sent += 1;
  EXPECT_EQ(rates.look(group, group.v4, base::TimePoint(milliseconds(1001))), 10.0);
}

TEST(ShortReasons, FitTheirColumn) {
  for (int cause = 0; cause <= static_cast<int>(core::Cause::reconfigured); ++cause) {
    for (int reason = 0; reason <= static_cast<int>(core::InitializeReason::other_vrf); ++reason) {
      const core::Transition transition{.from = core::State::backup,
                                        .to = core::State::master,
                                        .cause = static_cast<core::Cause>(cause),
                                        .initialize_reason = static_cast<core::InitializeReason>(reason)};
      EXPECT_LE(short_reason_of(transition).size(), kShortReasonWidth) << short_reason_of(transition);
    }
  }
}

}  // namespace
}  // namespace tandem::vrrpd::mgmt
