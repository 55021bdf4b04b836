// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "vrrpd/core/testing.h"

namespace tandem::vrrpd::core {
namespace {

using namespace testing;

constexpr Duration kDelay = 30s;

RouterConfig delayed(std::uint8_t priority = 100) {
  RouterConfig config = v3_config();
  config.priority = priority;
  config.startup_delay = kDelay;
  return config;
}
InterfaceStatus owning_status() {
  InterfaceStatus status = good_status();
  status.addresses.push_back(ip(kVirtual));
  return status;
}
// The cable is pulled, and put back after a second.
void put_cable_back(Subject& s) {
  s.status.up = false;
  s.update_status();
  s.wait(1s);
  s.status.up = true;
  s.status.counts_from = s.now;
  s.update_status();
}

// Silence proves nothing before the delay has ended: the port may not forward yet.
TEST(StartupDelayTest, ListensForAMasterDownIntervalOnceTheDelayHasEnded) {
  Subject s(delayed());
  EXPECT_EQ(s.did(), (Texts{"Backup: startup", "held back"}));
  EXPECT_EQ(s.router().held_until(), TimePoint(kDelay));
  s.wait(kDelay - 1us);
  EXPECT_EQ(s.did(), Texts{});
  s.wait(1us);
  EXPECT_EQ(s.did(), Texts{"delay over"});
  EXPECT_FALSE(s.router().held_until());
  s.wait(kMasterDown - 1us);
  EXPECT_EQ(s.did(), Texts{});
  s.wait(1us);
  EXPECT_EQ(s.did().back(), "Master: master down interval expired");
}

TEST(StartupDelayTest, IsOffByDefault) {
  Subject s;
  EXPECT_EQ(s.did(), Texts{"Backup: startup"});
  EXPECT_EQ(s.left(), kMasterDown);
}

TEST(StartupDelayTest, BeginsAgainEachTimeTheLinkComesUp) {
  Subject s(delayed());
  s.wait(kDelay + kMasterDown);
  ASSERT_EQ(s.state(), State::master);
  s.did();
  put_cable_back(s);
  EXPECT_EQ(s.did(), (Texts{"let go", "Initialize: interface eth1 is down", "Backup: startup", "held back"}));
  s.wait(kDelay + kMasterDown - 1us);
  EXPECT_EQ(s.state(), State::backup);
  s.wait(1us);
  EXPECT_EQ(s.state(), State::master);
}

// A link that went down and up so fast that only the count of link-ups tells.
TEST(StartupDelayTest, BeginsAgainWhenTheLinkWasDownWithoutBeingSeen) {
  Subject s(delayed());
  s.wait(kDelay + 1s);
  s.hear({.priority = 200});
  s.did();
  s.status.counts_from = s.now;
  s.update_status();
  EXPECT_EQ(s.did(), Texts{"held back"});
  s.wait(kMasterDown);
  EXPECT_EQ(s.state(), State::backup);
}

// The port forwards, so the silence of that Master means something.
TEST(StartupDelayTest, TakesOverFromAMasterThatItHasHeard) {
  Subject s(delayed());
  s.wait(5s);
  s.hear({.priority = 200});
  s.did();
  s.wait(kMasterDown - 1us);
  EXPECT_EQ(s.did(), Texts{});
  s.wait(1us);
  EXPECT_EQ(s.did().back(), "Master: master down interval expired (10.0.0.20 priority 200)");
  EXPECT_FALSE(s.router().held_until());
}

TEST(StartupDelayTest, TakesOverFromAMasterThatResigns) {
  for (const std::uint8_t heard : {std::uint8_t{200}, std::uint8_t{50}}) {
    Subject s(delayed());
    s.hear({.priority = heard});
    s.wait(100ms);
    s.hear({.priority = 0});
    s.wait(kSkew - 1us);
    EXPECT_EQ(s.state(), State::backup);
    s.wait(1us);
    EXPECT_EQ(s.state(), State::master);
  }
}

TEST(StartupDelayTest, AResignationIsEnoughToKnowThatThePortForwards) {
  Subject s(delayed());
  s.hear({.priority = 0});
  s.wait(kSkew);
  EXPECT_EQ(s.state(), State::master);
}

// What was heard before the link went down says nothing of the port now.
TEST(StartupDelayTest, AMasterHeardBeforeTheLinkWentDownDoesNotCount) {
  Subject s(delayed());
  s.hear({.priority = 200});
  put_cable_back(s);
  s.wait(kDelay - 1us);
  EXPECT_EQ(s.state(), State::backup);
}

TEST(StartupDelayTest, AMasterHeardBeforeAShutdownDoesCount) {
  Subject s(delayed());
  s.hear({.priority = 200});
  s.config.shutdown = true;
  s.reconfigure();
  s.config.shutdown = false;
  s.reconfigure();
  EXPECT_EQ(s.left(), kMasterDown);
}

TEST(StartupDelayTest, DoesNotPreemptBeforeItHasEnded) {
  Subject s(delayed(200));
  while (s.now < TimePoint(kDelay)) {
    s.hear({.priority = 50});
    EXPECT_EQ(s.router().master()->priority, 50);
    s.wait(1s);
    ASSERT_EQ(s.state(), State::backup);
  }
  EXPECT_EQ(s.did(), (Texts{"Backup: startup", "held back", "delay over"}));
  for (int i = 0; i < 4 && s.state() == State::backup; ++i) {
    s.hear({.priority = 50});
    s.wait(700ms);
  }
  EXPECT_EQ(s.did().back(), "Master: preempting a master of lower priority (10.0.0.20 priority 50)");
}

// Both run at the same time: the later end counts.
TEST(StartupDelayTest, ThePreemptDelayRunsMeanwhile) {
  for (const Duration preempt_delay : {Duration(10s), Duration(40s)}) {
    RouterConfig config = delayed();
    config.preempt_delay = preempt_delay;
    Subject s(config);
    s.hear({.priority = 50});
    for (TimePoint next = s.now; s.state() == State::backup && next < TimePoint(60s); next += 1s) {
      s.run_until(next);
      if (s.state() == State::backup) {
        s.hear({.priority = 50});
      }
    }
    EXPECT_EQ(s.did().back(), "Master: preempt delay is over (10.0.0.20 priority 50)");
    EXPECT_EQ(s.now, TimePoint(std::max(kDelay, preempt_delay)));
  }
}

TEST(StartupDelayTest, TheOwnerIsBackupUntilItHasEnded) {
  Subject s(delayed(), owning_status());
  EXPECT_EQ(s.did(), (Texts{"Backup: startup", "held back"}));
  s.wait(kDelay - 1us);
  EXPECT_EQ(s.did(), Texts{});
  s.wait(1us);
  EXPECT_EQ(s.did(), (Texts{"delay over", "send 255", "claim", "announce 10.0.0.16",
                            "Master: a virtual address is the interface's own"}));
}

TEST(StartupDelayTest, TheOwnerTakesOverFromAMasterThatItHasHeard) {
  Subject s(delayed(), owning_status());
  s.hear({.priority = 100});
  s.wait(3003907us);  // three intervals and 1/256
  EXPECT_EQ(s.state(), State::master);
}

TEST(StartupDelayTest, TheOwnerGoesOnToFollowAnotherOwner) {
  Subject s(delayed(), owning_status());
  for (int i = 0; i < 40; ++i) {
    s.hear({.priority = 255});
    s.wait(1s);
  }
  EXPECT_EQ(s.state(), State::backup);
}

TEST(StartupDelayTest, WhatBecomesOwnerMeanwhileWaits) {
  Subject s(delayed());
  s.did();
  s.status = owning_status();
  s.update_status();
  EXPECT_EQ(s.did(), Texts{});
  s.wait(kDelay);
  EXPECT_EQ(s.state(), State::master);
}

// The configuration changes while it runs, or when it has ended.
TEST(StartupDelayTest, AnotherDelayCountsFromTheSameMoment) {
  Subject s(delayed());
  s.wait(10s);
  s.config.startup_delay = 12s;
  s.reconfigure();
  EXPECT_EQ(s.left(), 2s);
  s.config.startup_delay = 5s;
  s.reconfigure();
  s.run_until(s.now);  // it has listened for longer than a Master_Down_Interval since
  EXPECT_EQ(s.state(), State::master);
  s.did();
  s.config.startup_delay = 60s;
  s.reconfigure();
  s.wait(500ms);
  EXPECT_EQ(s.did(), Texts{});
  EXPECT_EQ(s.state(), State::master);
}

TEST(StartupDelayTest, HoldsABackupForWhichItIsConfiguredLater) {
  Subject s;
  s.wait(1s);
  s.did();
  s.config.startup_delay = kDelay;
  s.reconfigure();
  EXPECT_EQ(s.did(), Texts{"held back"});
  EXPECT_EQ(s.left(), kDelay - 1s);
}

// The daemon is busy when the delay ends, and gets to an advert first.
TEST(StartupDelayTest, AnAdvertAfterItsEndIsOneAfterItsEnd) {
  Subject s(delayed(200));
  s.did();
  s.now += kDelay + 1s;
  s.hear({.priority = 50});  // of lower priority: it does not put off the takeover
  EXPECT_EQ(s.did(), Texts{"delay over"});
  EXPECT_EQ(s.left(), s.router().current_master_down_interval() - 1s);
  Subject owner(delayed(), owning_status());
  owner.did();
  owner.now += kDelay + 1s;
  owner.hear({.priority = 50});
  EXPECT_EQ(owner.state(), State::master);
}

TEST(StartupDelayTest, GoesOnWithTheNextEngine) {
  Subject s(delayed());
  s.wait(10s);
  Engine next;
  Actions actions;
  next.resume(RouterId{1}, s.config, s.status, s.router().saved_state());
  EXPECT_EQ(next.next_deadline(), TimePoint(kDelay));
  next.advance(TimePoint(kDelay), actions);
  EXPECT_EQ(to_texts(actions), Texts{"delay over"});
}

}  // namespace
}  // namespace tandem::vrrpd::core
