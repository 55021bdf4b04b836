// SPDX-License-Identifier: Apache-2.0
// Every event in every state (RFC 9568 §6.4). In each row the event happens 200 ms after the router entered the state.
// The row says what the router does, and how long it is until its next deadline.
#include <gtest/gtest.h>

#include "vrrpd/core/testing.h"

namespace tandem::vrrpd::core {
namespace {

using namespace testing;

constexpr Duration kNever = -1s;
constexpr Duration kBackupLeft = kMasterDown - 200ms;  // the timer was not reset
constexpr Duration kMasterLeft = 800ms;
constexpr Duration kDelayLeft = 60s - 200ms;

struct Row {
  const char* name;
  State state;
  std::function<void(Subject&)> event;
  Texts does;
  Duration left;
  std::function<void(RouterConfig&)> variation = [](RouterConfig&) {};
};

void priority_0(Subject& s) { s.hear({.priority = 0, .version = s.config.version}); }
void higher(Subject& s) { s.hear({.priority = 150, .version = s.config.version}); }
void equal_from_higher(Subject& s) { s.hear({.priority = 100, .version = s.config.version}); }
void equal_from_lower(Subject& s) { s.hear({.priority = 100, .address = kLower, .version = s.config.version}); }
void lower(Subject& s) { s.hear({.priority = 50, .version = s.config.version}); }
void rejected(Subject& s) { s.handle(PacketRejected{Drop::checksum, ip(kHigher)}); }
void stop(Subject& s) { s.handle(StopRequested{}); }
void nothing_due(Subject& s) { s.oversleep(0s); }
void deadline(Subject& s) { s.wait(s.left()); }
void unchanged_config(Subject& s) { s.reconfigure(); }
void unchanged_status(Subject& s) { s.update_status(); }
void device_ready(Subject& s) { s.status = good_status(), s.update_status(); }
void link_down(Subject& s) { s.status.up = false, s.update_status(); }
void shut(Subject& s) { s.config.shutdown = true, s.reconfigure(); }
void new_priority(Subject& s) { s.config.priority = 200, s.reconfigure(); }
void other_version(Subject& s) {
  s.config.version = s.config.version == Version::v3 ? Version::v2 : Version::v3;
  s.reconfigure();
}
void own_address(Subject& s) { s.status.addresses.push_back(ip(kVirtual)), s.update_status(); }

void v2(RouterConfig& config) { config.version = Version::v2; }
void no_preempt(RouterConfig& config) { config.preempt = false; }
void delay_startup(RouterConfig& config) { config.startup_delay = 60s; }

std::vector<Row> initialize_rows() {
  constexpr State kState = State::initialize;
  return {
      {"Priority0", kState, priority_0, {}, kNever},
      {"Higher", kState, higher, {}, kNever},
      {"EqualFromHigher", kState, equal_from_higher, {}, kNever},
      {"EqualFromLower", kState, equal_from_lower, {}, kNever},
      {"Lower", kState, lower, {}, kNever},
      {"Rejected", kState, rejected, {"dropped checksum"}, kNever},
      {"Stop", kState, stop, {}, kNever},
      {"NothingDue", kState, nothing_due, {}, kNever},
      {"UnchangedConfig", kState, unchanged_config, {}, kNever},
      {"UnchangedStatus", kState, unchanged_status, {}, kNever},
      {"LinkDown", kState, link_down, {}, kNever},
      {"Shutdown", kState, shut, {}, kNever},
      {"NewPriority", kState, new_priority, {}, kNever},
      {"OtherVersion", kState, other_version, {}, kNever},
      {"OwnAddress", kState, own_address, {}, kNever},
      {"Startup", kState, device_ready, {"Backup: startup"}, kMasterDown},
      {"StartupDelayed", kState, device_ready, {"Backup: startup", "held back"}, kDelayLeft, delay_startup},
  };
}

std::vector<Row> backup_rows() {
  constexpr State kState = State::backup;
  return {
      {"Priority0", kState, priority_0, {}, kSkew},
      {"Higher", kState, higher, {}, kMasterDown},
      {"EqualFromHigher", kState, equal_from_higher, {"equal priority"}, kMasterDown},
      {"EqualFromLower", kState, equal_from_lower, {"equal priority"}, kMasterDown},
      {"Lower", kState, lower, {}, kBackupLeft},
      {"LowerNoPreempt", kState, lower, {}, kMasterDown, no_preempt},
      {"LowerV2", kState, lower, {}, kBackupLeft, v2},
      {"NothingDueDelayed", kState, nothing_due, {}, kDelayLeft, delay_startup},
      {"Priority0Delayed", kState, priority_0, {}, kSkew, delay_startup},
      {"HigherDelayed", kState, higher, {}, kMasterDown, delay_startup},
      {"LowerDelayed", kState, lower, {}, kMasterDown, delay_startup},
      {"DeadlineDelayed", kState, deadline, {"delay over"}, kMasterDown, delay_startup},
      {"OwnAddressDelayed", kState, own_address, {}, kDelayLeft, delay_startup},
      {"Rejected", kState, rejected, {"dropped checksum"}, kBackupLeft},
      {"Stop", kState, stop, {"Initialize: vrrpd is stopping"}, kNever},
      {"NothingDue", kState, nothing_due, {}, kBackupLeft},
      {"Deadline",
       kState,
       deadline,
       {"send 100", "claim", "announce 10.0.0.16", "Master: master down interval expired"},
       1s},
      {"UnchangedConfig", kState, unchanged_config, {}, kBackupLeft},
      {"UnchangedStatus", kState, unchanged_status, {}, kBackupLeft},
      {"LinkDown", kState, link_down, {"Initialize: interface eth1 is down"}, kNever},
      {"Shutdown", kState, shut, {"Initialize: shutdown is configured"}, kNever},
      {"NewPriority", kState, new_priority, {}, 3218750us - 200ms},
      {"OtherVersion", kState, other_version, {"Initialize: configuration changed", "Backup: startup"}, kMasterDown},
      {"OwnAddress",
       kState,
       own_address,
       {"send 255", "claim", "announce 10.0.0.16", "Master: a virtual address is the interface's own"},
       1s},
  };
}

std::vector<Row> master_rows() {
  constexpr State kState = State::master;
  const Texts shut_down{"send 0", "let go", "Initialize: shutdown is configured"};
  return {
      {"Priority0", kState, priority_0, {"send 100"}, kReannounceDelay},
      {"Higher",
       kState,
       higher,
       {"let go", "Backup: higher priority advertisement received (10.0.0.20 priority 150)"},
       kMasterDown},
      {"HigherNoPreempt",
       kState,
       higher,
       {"let go", "Backup: higher priority advertisement received (10.0.0.20 priority 150)"},
       kMasterDown,
       no_preempt},
      {"EqualFromHigher",
       kState,
       equal_from_higher,
       {"equal priority", "let go",
        "Backup: advertisement of equal priority received from a higher address (10.0.0.20 priority 100)"},
       kMasterDown},
      {"EqualFromLower", kState, equal_from_lower, {"equal priority", "send 100"}, kReannounceDelay},
      {"Lower", kState, lower, {"send 100"}, kReannounceDelay},
      {"LowerNoPreempt", kState, lower, {"send 100"}, kReannounceDelay, no_preempt},
      {"LowerV2", kState, lower, {}, kReannounceDelay, v2},
      {"EqualFromLowerV2", kState, equal_from_lower, {"equal priority"}, kReannounceDelay, v2},
      {"Priority0V2", kState, priority_0, {"send 100"}, kReannounceDelay, v2},
      {"Rejected", kState, rejected, {"dropped checksum"}, kMasterLeft},
      {"Stop", kState, stop, {"send 0", "let go", "Initialize: vrrpd is stopping"}, kNever},
      {"NothingDue", kState, nothing_due, {}, kMasterLeft},
      {"Deadline", kState, deadline, {"send 100"}, 1s},
      {"UnchangedConfig", kState, unchanged_config, {}, kMasterLeft},
      {"UnchangedStatus", kState, unchanged_status, {}, kMasterLeft},
      {"LinkDown", kState, link_down, {"let go", "Initialize: interface eth1 is down"}, kNever},
      {"Shutdown", kState, shut, shut_down, kNever},
      {"NewPriority", kState, new_priority, {"send 200"}, 1s},
      {"OtherVersion",
       kState,
       other_version,
       {"send 0", "let go", "Initialize: configuration changed", "Backup: startup"},
       kMasterDown},
      {"OwnAddress", kState, own_address, {"send 255"}, 1s},
  };
}

class StateTableTest : public ::testing::TestWithParam<Row> {};

TEST_P(StateTableTest, Row) {
  const Row& row = GetParam();
  RouterConfig config = v3_config();
  row.variation(config);
  InterfaceStatus status = good_status();
  status.device_ready = row.state != State::initialize;
  Subject subject(config, status);
  if (row.state == State::master) {
    subject.become_master();
  }
  ASSERT_EQ(subject.state(), row.state);
  subject.wait(200ms);
  subject.did();
  row.event(subject);
  EXPECT_EQ(subject.did(), row.does);
  EXPECT_EQ(subject.left(), row.left);
}

std::string row_name(const ::testing::TestParamInfo<Row>& test) { return test.param.name; }
INSTANTIATE_TEST_SUITE_P(Initialize, StateTableTest, ::testing::ValuesIn(initialize_rows()), row_name);
INSTANTIATE_TEST_SUITE_P(Backup, StateTableTest, ::testing::ValuesIn(backup_rows()), row_name);
INSTANTIATE_TEST_SUITE_P(Master, StateTableTest, ::testing::ValuesIn(master_rows()), row_name);

}  // namespace
}  // namespace tandem::vrrpd::core
