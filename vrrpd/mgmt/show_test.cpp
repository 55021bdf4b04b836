// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/mgmt/show.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tandem::vrrpd::mgmt {
namespace {

using base::IpAddress;
using core::Family;
using core::Vrid;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Router 1 of the classic case (issue, frr-facts §1.4).
GroupView classic_master() {
  const config::Group config{.vrid = Vrid(5),
                             .version = core::Version::v3,
                             .priority = 210,
                             .advertisement_interval = milliseconds(1000),
                             .preempt = true,
                             .preempt_delay = {},
                             .accept_mode = true,
                             .checksum = core::ChecksumMode::automatic,
                             .shutdown = false,
                             .description = {},
                             .ipv4 = {{IpAddress::v4(10, 10, 10, 16), 32}},
                             .ipv6 = {}};
  GroupView group{.interface = "eth1", .config = config, .v4 = {}, .v6 = {}};
  group.v4.family = Family::ipv4;
  group.v4.exists = true;
  group.v4.device = "vrrp4-3-5";
  group.v4.virtual_mac = packet::virtual_mac(Vrid(5), Family::ipv4);
  group.v4.primary = IpAddress::v4(10, 10, 10, 15);
  group.v4.state = core::State::master;
  group.v4.initialize_reason = core::InitializeReason::none;
  group.v4.effective_priority = 210;
  group.v4.master_advertisement_interval = milliseconds(1000);
  group.v4.skew_time = std::chrono::microseconds(179'687);
  group.v4.master_down_interval = std::chrono::microseconds(3'179'687);
  group.v4.statistics.advertisements_sent = 11;
  group.v4.statistics.announcements_sent = 1;
  group.v4.statistics.transitions = 2;
  group.v4.addresses = {IpAddress::v4(10, 10, 10, 16)};
  group.v6.family = Family::ipv6;
  group.v6.virtual_mac = packet::virtual_mac(Vrid(5), Family::ipv6);
  group.v6.effective_priority = 210;
  return group;
}

std::string row(const std::string& label, const std::string& value) {
  return fmt::format("\n {:<37}   {:<{}}   \n", label, value, std::string("00:00:5e:00:01:05").size());
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
  const std::string json = show_json(groups);
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

TEST(ShowVrrp, JsonOfNothingIsAnEmptyArrayAsFrrPrintsIt) { EXPECT_EQ(show_json({}), "[\n]\n"); }

TEST(ShowVrrp, SaysWhyARouterIsInInitialize) {
  GroupView group = classic_master();
  group.v4.state = core::State::initialize;
  group.v4.initialize_reason = core::InitializeReason::interface_down;
  const std::vector<GroupView> groups{group};
  EXPECT_THAT(show_json(groups), HasSubstr("\"initializeReason\":\"interface eth1 is down\""));
}

}  // namespace
}  // namespace tandem::vrrpd::mgmt
