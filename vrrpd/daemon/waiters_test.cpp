// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/waiters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "vrrpd/daemon/limits.h"

namespace tandem::vrrpd::daemon {
namespace {

using State = Waiters::Standing::State;
using std::chrono_literals::operator""s;
using testing::HasSubstr;

class WaitersTest : public testing::Test {
 protected:
  static config::RouterKey key(unsigned vrid) { return {"eth1", core::Vrid(vrid), core::Family::ipv4}; }
  void wait_for(std::vector<config::RouterKey> keys) {
    waiters_.add(std::move(keys), [this](base::Result<> result) { results_.push_back(std::move(result)); }, now_);
  }
  std::optional<base::TimePoint> look() {
    return waiters_.look([this](const config::RouterKey& asked) { return standings_[asked]; }, now_);
  }
  // What the only one that has waited was told; empty: all is in place.
  std::string told() const {
    EXPECT_EQ(results_.size(), 1U);
    return results_.empty() || results_[0] ? "" : results_[0].error().message;
  }

  base::TimePoint now_{1000s};
  std::map<config::RouterKey, Waiters::Standing> standings_;
  Waiters waiters_;
  std::vector<base::Result<>> results_;
};

TEST_F(WaitersTest, IsToldWhenAllAreInPlace) {
  wait_for({key(5), key(6)});
  standings_[key(6)].state = State::in_place;
  EXPECT_TRUE(look());
  EXPECT_TRUE(results_.empty());
  standings_[key(5)].state = State::in_place;
  EXPECT_FALSE(look());
  EXPECT_EQ(told(), "");
}

TEST_F(WaitersTest, IsToldWhatWasRefusedWhenNothingIsWaitedForAnyMore) {
  wait_for({key(5), key(6)});
  standings_[key(6)] = {State::refused, "no room"};
  look();
  EXPECT_TRUE(results_.empty());
  standings_[key(5)].state = State::in_place;
  look();
  EXPECT_EQ(told(), "vrrp 6 on eth1: no room");
}

TEST_F(WaitersTest, TimesOutWhenNothingGetsOn) {
  wait_for({key(5)});
  const base::TimePoint begun = now_;
  EXPECT_EQ(look(), begun + kSettlingTimeout);
  now_ = begun + kSettlingTimeout - std::chrono::microseconds(1);
  EXPECT_TRUE(look());
  EXPECT_TRUE(results_.empty());
  now_ = begun + kSettlingTimeout;
  EXPECT_FALSE(look());
  EXPECT_EQ(told(), "vrrp 5 on eth1: not in place after 10 s: the kernel is still at work on interfaces");
}

TEST_F(WaitersTest, WhatItWaitsForIsSaidIfItIsKnown) {
  wait_for({key(5)});
  standings_[key(5)].reason = "vrrp4-eth1-5 is in the way";
  now_ += kSettlingTimeout;
  look();
  EXPECT_THAT(told(), HasSubstr("not in place after 10 s: vrrp4-eth1-5 is in the way"));
}

TEST_F(WaitersTest, TimeoutIsExtendedWhileOthersGetOnAndHasAnEnd) {
  wait_for({key(5)});
  const base::TimePoint begun = now_;
  for (; now_ < begun + kLongestSettling; now_ += kSettlingTimeout / 2) {
    EXPECT_TRUE(look());
    waiters_.note_progress(now_);
  }
  EXPECT_TRUE(results_.empty());
  EXPECT_FALSE(look());
  EXPECT_THAT(told(), HasSubstr("not in place after 60 s"));
}

TEST_F(WaitersTest, OneThatIsToldMayWaitForOthers) {
  standings_[key(5)].state = State::in_place;
  waiters_.add({key(5)}, [this](const base::Result<>&) { wait_for({key(6)}); }, now_);
  EXPECT_EQ(look(), now_ + kSettlingTimeout);
  EXPECT_TRUE(results_.empty());
}

}  // namespace
}  // namespace tandem::vrrpd::daemon
