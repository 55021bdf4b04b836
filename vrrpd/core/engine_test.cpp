// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/core/engine.h"

#include <gtest/gtest.h>

#include "vrrpd/core/testing.h"

namespace tandem::vrrpd::core {
namespace {

using namespace testing;

constexpr TimePoint kStart{};

RouterConfig with_priority(std::uint8_t priority) {
  RouterConfig config = v3_config();
  config.priority = priority;
  return config;
}

// Which routers acted, in order.
std::vector<RouterId> actors(const Actions& actions) {
  std::vector<RouterId> ids;
  for (const Action& action : actions) {
    if (ids.empty() || ids.back() != action.router) {
      ids.push_back(action.router);
    }
  }
  return ids;
}

TEST(EngineTest, HasNoDeadlineWhileNothingRuns) {
  Engine engine;
  Actions actions;
  EXPECT_EQ(engine.next_deadline(), std::nullopt);
  engine.add(RouterId{1}, v3_config(), {}, kStart, actions);
  EXPECT_EQ(engine.next_deadline(), std::nullopt);
  EXPECT_TRUE(actions.empty());
}

TEST(EngineTest, EarliestDeadlineOfAllComesFirst) {
  Engine engine;
  Actions actions;
  engine.add(RouterId{1}, with_priority(50), good_status(), kStart, actions);
  engine.add(RouterId{2}, with_priority(250), good_status(), kStart, actions);
  engine.add(RouterId{3}, with_priority(150), good_status(), kStart, actions);
  EXPECT_EQ(engine.next_deadline(), kStart + 3023437us);
  actions.clear();
  engine.advance(kStart + 3900ms, actions);
  EXPECT_EQ(actors(actions), (std::vector{RouterId{2}, RouterId{3}, RouterId{1}}));
}

TEST(EngineTest, DrainsAllThatIsDueInOneCallAndOnce) {
  Engine engine;
  Actions actions;
  for (std::uint32_t id = 0; id < 1000; ++id) {
    engine.add(RouterId{id}, v3_config(), good_status(), kStart, actions);
  }
  actions.clear();
  engine.advance(kStart + kMasterDown, actions);
  EXPECT_EQ(actors(actions).size(), 1000U);
  EXPECT_EQ(engine.next_deadline(), kStart + kMasterDown + 1s);
  actions.clear();
  engine.advance(kStart + kMasterDown, actions);
  EXPECT_TRUE(actions.empty());
}

TEST(EngineTest, CallsBeforeTheDeadlineAreHarmless) {
  Engine engine;
  Actions actions;
  engine.add(RouterId{1}, v3_config(), good_status(), kStart, actions);
  actions.clear();
  for (Duration at = 0s; at < kMasterDown; at += 1ms) {
    engine.advance(kStart + at, actions);
  }
  EXPECT_TRUE(actions.empty());
  EXPECT_EQ(engine.next_deadline(), kStart + kMasterDown);
}

TEST(EngineTest, EventsConcernOneRouterOnly) {
  Engine engine;
  Actions actions;
  engine.add(RouterId{1}, v3_config(), good_status(), kStart, actions);
  engine.add(RouterId{2}, v3_config(), good_status(), kStart, actions);
  engine.handle(RouterId{1}, StopRequested{}, kStart, actions);
  EXPECT_EQ(engine.find(RouterId{1})->state(), State::initialize);
  EXPECT_EQ(engine.find(RouterId{2})->state(), State::backup);
  EXPECT_EQ(engine.next_deadline(), kStart + kMasterDown);
}

TEST(EngineTest, RemovedMasterReleasesAndIsForgotten) {
  Engine engine;
  Actions actions;
  engine.add(RouterId{1}, v3_config(), good_status(), kStart, actions);
  engine.advance(kStart + kMasterDown, actions);
  actions.clear();
  engine.remove(RouterId{1}, kStart + 4s, actions);
  EXPECT_EQ(to_texts(actions), (Texts{"send 0", "let go", "Initialize: it has been removed"}));
  EXPECT_EQ(engine.find(RouterId{1}), nullptr);
  EXPECT_EQ(engine.next_deadline(), std::nullopt);
  EXPECT_EQ(engine.size(), 0U);
}

// A Master that alternates its interval moves its Backup's deadline with every advert.
TEST(EngineTest, DeadlinesThatJumpToAndFroStayExact) {
  Engine engine;
  Actions actions;
  constexpr RouterId kId{7};
  engine.add(kId, v3_config(), good_status(), kStart, actions);
  engine.add(RouterId{8}, with_priority(1), good_status(), kStart, actions);
  const std::vector<std::uint8_t> addresses{10, 0, 0, 16};
  TimePoint now = kStart;
  for (int i = 0; i < 10'000; ++i) {
    now += 20ms;
    const base::Centiseconds interval(i % 2 == 0 ? 1 : 4095);
    const packet::Advertisement fields{Version::v3, Vrid(5), 200, interval, ChecksumForm::pseudoheader};
    for (const RouterId id : {kId, RouterId{8}}) {
      engine.handle(id,
                    AdvertisementReceived{{fields, ip(kHigher), packet::AddressView(base::Family::ipv4, addresses)}},
                    now, actions);
    }
    ASSERT_EQ(engine.next_deadline(), now + engine.find(kId)->current_master_down_interval()) << i;
    engine.advance(now + 19ms, actions);
  }
  EXPECT_EQ(engine.find(kId)->state(), State::backup);
}

TEST(EngineTest, DeadlineThatIsBroughtForwardComesFirst) {
  Engine engine;
  Actions actions;
  engine.add(RouterId{1}, with_priority(254), good_status(), kStart, actions);
  engine.add(RouterId{2}, with_priority(1), good_status(), kStart, actions);
  const std::vector<std::uint8_t> addresses{10, 0, 0, 16};
  const packet::Advertisement release{Version::v3, Vrid(5), 0, base::Centiseconds(100), ChecksumForm::pseudoheader};
  engine.handle(RouterId{2},
                AdvertisementReceived{{release, ip(kHigher), packet::AddressView(base::Family::ipv4, addresses)}},
                kStart, actions);
  EXPECT_EQ(engine.next_deadline(), kStart + 996093us);
}

TEST(EngineTest, AnotherRouterOfTheSameIdHasItsOwnDeadline) {
  Engine engine;
  Actions actions;
  engine.add(RouterId{1}, with_priority(254), good_status(), kStart, actions);
  engine.remove(RouterId{1}, kStart, actions);
  engine.add(RouterId{1}, with_priority(1), good_status(), kStart + 1s, actions);
  EXPECT_EQ(engine.next_deadline(), kStart + 1s + 3996093us);
}

// A packet can arrive for a router that was removed in the same turn.
TEST(EngineTest, EventsForUnknownRoutersAreIgnored) {
  Engine engine;
  Actions actions;
  engine.handle(RouterId{9}, StopRequested{}, kStart, actions);
  engine.remove(RouterId{9}, kStart, actions);
  engine.set_statistics(RouterId{9}, {});
  EXPECT_TRUE(actions.empty());
}

TEST(EngineTest, ClearedStatisticsStartFromZeroAndNothingElseChanges) {
  Engine engine;
  Actions actions;
  engine.add(RouterId{1}, v3_config(), good_status(), kStart, actions);
  engine.advance(kStart + kMasterDown, actions);
  engine.set_statistics(RouterId{1}, {});
  EXPECT_EQ(engine.find(RouterId{1})->statistics().advertisements_sent, 0U);
  EXPECT_EQ(engine.find(RouterId{1})->state(), State::master);
  EXPECT_EQ(engine.next_deadline(), kStart + kMasterDown + 1s);
}

}  // namespace
}  // namespace tandem::vrrpd::core
