// SPDX-License-Identifier: Apache-2.0
// Each rule of conduct detects a violation and reports it.
#include "tests/sim/conduct.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/testing.h"

namespace tandem::sim {
namespace {

using namespace testing;
using Actions = std::vector<core::Action>;

struct Case {
  const char* name;
  State before;
  Stimulus stimulus;
  Actions actions;
  std::string verdict;  // empty: no violation
  std::optional<Heard> advertisement{};
  bool shut_down = false;  // by configuration
};

Verdict judge(const Case& c) {
  RouterFacts router = some_router();
  router.state = c.before;
  router.claimed = c.before == State::master;
  router.config.shutdown = c.shut_down;
  const packet::ReceivedAdvertisement received = to_packet(c.advertisement.value_or(Heard{}));
  const Step step{.member = 0,
                  .local = TimePoint(10s),
                  .stimulus = c.stimulus,
                  .advertisement = c.advertisement ? &received : nullptr,
                  .admissible = c.advertisement.has_value(),
                  .actions = c.actions,
                  .before = c.before,
                  .router = router};
  return check_conduct(step, router);
}

core::Action send_as(void (*alter)(RouterFacts&)) {
  RouterFacts router = some_router();
  alter(router);
  return send(100, router);
}

const Case kCases[] = {
    {"takeover", State::backup, Stimulus::timer, takeover(), ""},
    {"advert", State::master, Stimulus::timer, {send(100)}, ""},
    {"resignation",
     State::master,
     Stimulus::stopped,
     {send(0), let_go(), change(State::master, State::initialize)},
     "",
     {},
     true},
    {"step down",
     State::master,
     Stimulus::advertisement,
     {let_go(), change(State::master, State::backup)},
     "",
     Heard{.priority = 200}},

    {"backup sends",
     State::backup,
     Stimulus::advertisement,
     {send(100)},
     "sent an advert in Backup",
     Heard{.priority = 50}},
    {"backup resigns",
     State::backup,
     Stimulus::stopped,
     {send(0), change(State::backup, State::initialize)},
     "a router that is not Master sent priority 0",
     {},
     true},
    {"master leaves silently",
     State::master,
     Stimulus::stopped,
     {let_go(), change(State::master, State::initialize)},
     "left Master without priority 0",
     {},
     true},
    {"advert after priority 0",
     State::master,
     Stimulus::stopped,
     {send(0), send(100)},
     "an advert followed priority 0"},
    {"another priority", State::master, Stimulus::timer, {send(101)}, "sent priority 101 instead of 100"},
    {"another VRID",
     State::master,
     Stimulus::timer,
     {send_as([](RouterFacts& router) { router.config.vrid = packet::Vrid(6); })},
     "sent an advert of another version or VRID than configured"},
    {"another address list",
     State::master,
     Stimulus::timer,
     {send_as([](RouterFacts& router) { router.config.addresses = virtual_addresses(some_group(), 2); })},
     "sent an advert with other addresses than configured"},
    {"another source",
     State::master,
     Stimulus::timer,
     {send_as([](RouterFacts& router) { router.source = IpAddress::v4(10, 0, 0, 9); })},
     "sent an advert from 10.0.0.9 instead of 10.0.0.10"},
    {"claim first",
     State::backup,
     Stimulus::timer,
     {claim(), send(100)},
     "claimed the addresses before it sent an advert"},
    {"announce without claim",
     State::backup,
     Stimulus::timer,
     {send(100), announce()},
     "announced addresses that it had not claimed"},
    {"no announcement",
     State::backup,
     Stimulus::timer,
     {send(100), claim(), change(State::backup, State::master)},
     "became Master without advert, claim and announcement"},
    {"backup keeps the addresses",
     State::master,
     Stimulus::advertisement,
     {change(State::master, State::backup)},
     "left Master and kept the addresses",
     Heard{.priority = 200}},
    {"starts as Master",
     State::initialize,
     Stimulus::started,
     {send(100), claim(), announce(), change(State::initialize, State::master)},
     "became Master at once without owning the addresses"},
    {"claim without mastership", State::backup, Stimulus::timer, {send(100), claim()}, "has the addresses in Backup"},
    {"wrong origin",
     State::backup,
     Stimulus::timer,
     {change(State::initialize, State::backup)},
     "told of a transition from Initialize to Backup while it was in Backup"},
    {"steps down for nothing",
     State::master,
     Stimulus::advertisement,
     {let_go(), change(State::master, State::backup)},
     "became Backup without an advert that wins",
     Heard{.priority = 99}},
    {"steps down before a lower address",
     State::master,
     Stimulus::advertisement,
     {let_go(), change(State::master, State::backup)},
     "became Backup without an advert that wins",
     Heard{.priority = 100, .source = IpAddress::v4(10, 0, 0, 9)}},
    {"stays master",
     State::master,
     Stimulus::advertisement,
     {send(100)},
     "stayed Master although an advert arrived that wins",
     Heard{.priority = 100}},
    {"runs although shut down",
     State::backup,
     Stimulus::configured,
     {},
     "runs although something stands in its way",
     {},
     true},
    {"does not start",
     State::initialize,
     Stimulus::configured,
     {},
     "is in Initialize although nothing stands in its way"},
};

TEST(ConductTest, CatchesWhatABrokenRouterMightDo) {
  for (const Case& c : kCases) {
    EXPECT_EQ(judge(c).value_or(""), c.verdict) << c.name;
  }
}

TEST(ConductTest, CatchesTheIntervalOfAnother) {
  RouterFacts router = some_router();
  router.state = State::master;
  router.claimed = true;
  router.config.advertisement_interval = 2s;
  const Actions actions{send(100)};
  const Step step{.member = 0,
                  .local = TimePoint(10s),
                  .stimulus = Stimulus::timer,
                  .actions = actions,
                  .before = State::master,
                  .router = router};
  EXPECT_EQ(check_conduct(step, router), "sent an advert with another interval than its own");
}

TEST(ConductTest, CatchesAChecksumThatIsConfiguredAway) {
  RouterFacts router = some_router();
  router.state = State::master;
  router.claimed = true;
  router.config.checksum = core::ChecksumMode::message_only;
  const Actions actions{send(100)};
  const Step step{.member = 0,
                  .local = TimePoint(10s),
                  .stimulus = Stimulus::timer,
                  .actions = actions,
                  .before = State::master,
                  .router = router};
  EXPECT_EQ(check_conduct(step, router), "sent the form of the checksum that is configured away");
}

}  // namespace
}  // namespace tandem::sim
