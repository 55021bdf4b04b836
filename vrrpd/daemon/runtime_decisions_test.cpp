// SPDX-License-Identifier: Apache-2.0
// The decisions of the runtime's parts, as tables of every case.
#include <gtest/gtest.h>

#include "vrrpd/daemon/heartbeat.h"
#include "vrrpd/daemon/interface_watch.h"
#include "vrrpd/daemon/settlements.h"

namespace tandem::vrrpd::daemon {
namespace {

using namespace std::chrono_literals;
using State = io::Outcome::State;

io::Outcome outcome(State state) { return {.state = state, .reason = "because"}; }
io::Outcome refused(bool lasting, bool serves_none) {
  return {.state = State::refused, .reason = "because", .lasting = lasting, .serves_none = serves_none};
}

struct ReadinessCase {
  const char* name;
  Readiness readiness;
  io::Outcome outcome;
  bool ready;
};

const ReadinessCase kReadinessCases[] = {
    {"the kernel has everything", {.reported = true}, outcome(State::in_place), true},
    {"the kernel reports no macvlan", {.reported = false, .before = true}, outcome(State::in_place), false},
    {"at work on it: it was ready", {.reported = false, .before = true}, outcome(State::pending), true},
    {"at work on it: it was not ready", {.reported = true, .before = false}, outcome(State::pending), false},
    {"no interface", {.reported = false, .before = true}, outcome(State::no_parent), false},
    {"some of it refused", {.reported = true}, refused(false, false), true},
    {"refused for good", {.reported = true, .before = true, .is_master = true}, refused(true, false), false},
    {"a Backup could have none", {.reported = true, .before = true}, refused(false, true), false},
    {"a Master has none yet", {.reported = true, .is_master = true}, refused(false, true), true},
    {"a Master had none", {.reported = true, .is_master = true, .out_of_election = true}, refused(false, true), false},
    {"out of the election", {.reported = true, .out_of_election = true}, outcome(State::in_place), false},
    {"at work on it, out of the election", {.before = true, .out_of_election = true}, outcome(State::pending), true},
};

TEST(InterfaceWatchTest, ReadinessOfAMacvlan) {
  for (const ReadinessCase& each : kReadinessCases) {
    EXPECT_EQ(is_ready(each.readiness, each.outcome), each.ready) << each.name;
  }
}

TEST(SettlementsTest, StandingOfARouterByOutcome) {
  using Standing = Waiters::Standing::State;
  struct Case {
    io::Outcome outcome;
    bool refused_before;
    Standing standing;
  };
  for (const Case& each :
       {Case{outcome(State::pending), false, Standing::waiting}, Case{outcome(State::pending), true, Standing::waiting},
        Case{outcome(State::in_place), false, Standing::in_place},
        Case{outcome(State::no_parent), false, Standing::in_place},
        Case{refused(false, false), false, Standing::refused}, Case{refused(true, true), false, Standing::refused},
        Case{refused(true, true), true, Standing::in_place}}) {
    const Waiters::Standing result = standing(each.outcome, each.refused_before);
    EXPECT_EQ(result.state, each.standing) << static_cast<int>(each.outcome.state) << each.refused_before;
    EXPECT_EQ(result.reason, "because");
  }
}

TEST(HeartbeatTest, SilenceIsAThirdOfWhatTheFirstPeerWaitsWithinLimits) {
  EXPECT_EQ(heartbeat_timeout(core::State::backup, 900ms), 300ms);
  EXPECT_EQ(heartbeat_timeout(core::State::master, 900ms), 300ms);
  EXPECT_EQ(heartbeat_timeout(core::State::master, 1ms), supervisor::kMinTimeout);
  EXPECT_EQ(heartbeat_timeout(core::State::backup, 1h), supervisor::kMaxTimeout);
  EXPECT_EQ(heartbeat_timeout(core::State::initialize, 0ms), supervisor::kMaxTimeout);
}

}  // namespace
}  // namespace tandem::vrrpd::daemon
