// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "vrrpd/core/testing.h"

namespace tandem::vrrpd::core {
namespace {

using namespace testing;
using base::Centiseconds;

RouterConfig delayed(Duration delay) {
  RouterConfig config = v3_config();
  config.preempt_delay = delay;
  return config;
}

// R45, and not a microsecond early.
TEST(BackupTest, TakesOverAfterMasterDownInterval) {
  Subject s;
  s.hear({.priority = 200});
  s.did();
  s.wait(3609374us);
  EXPECT_EQ(s.did(), Texts{});
  s.wait(1us);
  EXPECT_EQ(s.did(), (Texts{"send 100", "claim", "announce 10.0.0.16",
                            "Master: master down interval expired (10.0.0.20 priority 200)"}));
}

TEST(BackupTest, EveryAdvertOfTheMasterHoldsItOff) {
  Subject s;
  for (int i = 0; i < 100; ++i) {
    s.hear({.priority = 200});
    s.wait(3s);
  }
  EXPECT_EQ(s.state(), State::backup);
  EXPECT_EQ(s.router().master()->address, ip(kHigher));
  EXPECT_EQ(s.router().master()->priority, 200);
}

// R46.
TEST(BackupTest, TakesOverAfterSkewTimeOfAReleasedMastership) {
  Subject s;
  s.hear({.priority = 200});
  s.wait(500ms);
  s.did();
  s.hear({.priority = 0});
  s.wait(kSkew - 1us);
  EXPECT_EQ(s.state(), State::backup);
  s.wait(1us);
  EXPECT_EQ(s.did().back(), "Master: master resigned (10.0.0.20 priority 200)");
}

TEST(BackupTest, NamesWhoReleasedWhatItNeverHeardOf) {
  Subject s;
  s.hear({.priority = 0});
  s.did();
  s.wait(kSkew);
  EXPECT_EQ(s.did().back(), "Master: master resigned (10.0.0.20 priority 0)");
}

// X14: a host that repeats priority 0 must not keep the network without a Master.
TEST(BackupTest, BurstOfPriority0DoesNotPutTakeoverOff) {
  Subject s;
  for (int i = 0; i < 7; ++i) {
    s.hear({.priority = 0});
    s.wait(100ms);
  }
  EXPECT_EQ(s.state(), State::master);
}

TEST(BackupTest, AnotherMasterAfterPriority0IsFollowed) {
  Subject s;
  s.hear({.priority = 0});
  s.wait(100ms);
  s.hear({.priority = 150});
  EXPECT_EQ(s.left(), kMasterDown);
}

// R47, R73: peer at 10 cs, we at 100 cs; the skew is recomputed too.
TEST(BackupTest, LearnsAShorterInterval) {
  Subject s;
  s.hear({.priority = 200, .interval = Centiseconds(10)});
  EXPECT_EQ(s.left(), 360937us);
  EXPECT_EQ(s.router().current_skew_time(), 60937us);
  EXPECT_EQ(s.router().current_master_down_interval(), 360937us);
  EXPECT_EQ(s.router().master_advertisement_interval(), 100ms);
}

// X8.
TEST(BackupTest, LearnsTheLongestInterval) {
  Subject s;
  s.hear({.priority = 200, .interval = Centiseconds(4095)});
  EXPECT_EQ(s.left(), 147803906us);
}

// R75.
TEST(BackupTest, SendsWithItsOwnIntervalWhateverItHasLearned) {
  Subject s;
  s.hear({.priority = 200, .interval = Centiseconds(10)});
  s.become_master();
  EXPECT_EQ(s.left(), 1s);
  s.wait(1s);
  const Actions actions = s.take();
  EXPECT_EQ(std::get<SendAdvertisement>(actions.at(0).what).advertisement.interval, Centiseconds(100));
}

// R48: at once is wrong as well; the timer of the last accepted advert runs on.
TEST(BackupTest, PreemptsWhenTheTimerEndsThatLowerPriorityDidNotStop) {
  Subject s;
  s.hear({.priority = 200});
  for (int i = 0; i < 3; ++i) {
    s.wait(1s);
    s.hear({.priority = 50, .address = kLower});
  }
  s.did();
  EXPECT_EQ(s.left(), kMasterDown - 3s);
  s.wait(s.left());
  EXPECT_EQ(s.did().back(), "Master: preempting a master of lower priority (10.0.0.5 priority 50)");
}

TEST(BackupTest, ForgetsDiscardedAdvertsWhenItFollowsAgain) {
  Subject s;
  s.hear({.priority = 50, .address = kLower});
  s.hear({.priority = 200});
  s.did();
  s.wait(kMasterDown);
  EXPECT_EQ(s.did().back(), "Master: master down interval expired (10.0.0.20 priority 200)");
}

// R49.
TEST(BackupTest, WithoutPreemptionFollowsLowerPriority) {
  RouterConfig config = v3_config();
  config.preempt = false;
  Subject s(config);
  for (int i = 0; i < 10; ++i) {
    s.hear({.priority = 1});
    s.wait(1s);
  }
  EXPECT_EQ(s.state(), State::backup);
  EXPECT_EQ(s.router().master()->priority, 1);
}

TEST(PreemptDelayTest, StartsOnceAndPreemptsWhenItIsOver) {
  Subject s(delayed(5s));
  s.wait(500ms);
  for (int i = 0; i < 5; ++i) {
    s.hear({.priority = 50, .address = kLower});
    s.did();
    s.wait(999ms);
  }
  EXPECT_EQ(s.state(), State::backup) << "4.995 s after the first";
  s.wait(5ms);
  EXPECT_EQ(s.did(),
            (Texts{"send 100", "claim", "announce 10.0.0.16", "Master: preempt delay is over (10.0.0.5 priority 50)"}));
}

TEST(PreemptDelayTest, TakesOverAtOnceFromAMasterThatDiesMeanwhile) {
  Subject s(delayed(60s));
  s.hear({.priority = 50, .address = kLower});
  s.did();
  s.wait(kMasterDown);
  EXPECT_EQ(s.did().back(), "Master: master down interval expired (10.0.0.5 priority 50)");
}

TEST(PreemptDelayTest, TakesOverAfterSkewTimeOfAReleaseMeanwhile) {
  Subject s(delayed(60s));
  s.hear({.priority = 50, .address = kLower});
  s.hear({.priority = 0, .address = kLower});
  EXPECT_EQ(s.left(), kSkew);
}

TEST(PreemptDelayTest, IsCancelledByAnEqualOrHigherPriority) {
  for (const std::uint8_t priority : {std::uint8_t{100}, std::uint8_t{200}}) {
    Subject s(delayed(5s));
    s.hear({.priority = 50, .address = kLower});
    s.wait(2s);
    s.hear({.priority = priority});
    s.wait(2s);
    s.hear({.priority = 50, .address = kLower});
    s.wait(2s);
    s.hear({.priority = 50, .address = kLower});
    s.wait(2999ms);
    EXPECT_EQ(s.state(), State::backup) << "a new delay started two seconds before";
    s.wait(1ms);
    EXPECT_EQ(s.state(), State::master);
  }
}

TEST(PreemptDelayTest, DoesNotConcernAnOwner) {
  InterfaceStatus status = good_status();
  status.addresses.push_back(ip(kVirtual));
  for (const bool preempt : {false, true}) {
    RouterConfig config = delayed(60s);
    config.preempt = preempt;
    Subject s(config, status);
    s.hear({.priority = 255});
    ASSERT_EQ(s.state(), State::backup);
    s.wait(1s);
    s.hear({.priority = 254});
    EXPECT_EQ(s.left(), 3003906us - 1s) << "R68: neither Preempt_Mode nor the delay makes it follow";
  }
}

TEST(PreemptDelayTest, FollowsItsConfiguration) {
  Subject shorter(delayed(60s));
  shorter.hear({.priority = 50});
  shorter.wait(1s);
  shorter.config.preempt_delay = 2s;
  shorter.reconfigure();
  EXPECT_EQ(shorter.left(), 1s);

  Subject none(delayed(3s));
  none.hear({.priority = 50});
  none.config.preempt = false;
  none.reconfigure();
  EXPECT_EQ(none.left(), kMasterDown);

  Subject outranked(delayed(3s));
  outranked.hear({.priority = 50});
  outranked.config.priority = 40;
  outranked.reconfigure();
  EXPECT_GT(outranked.left(), 3s) << "there is no Master to preempt any more";
}

// The timer counts from when it was set, not from when the operator changed something.
TEST(BackupReconfigurationTest, NewPriorityCountsFromTheLastAdvert) {
  Subject s;
  s.hear({.priority = 200});
  s.wait(1s);
  s.config.priority = 1;
  s.reconfigure();
  EXPECT_EQ(s.left(), 3996093us - 1s);
  s.hear({.priority = 0});
  s.wait(100ms);
  s.config.priority = 100;
  s.reconfigure();
  EXPECT_EQ(s.left(), kSkew - 100ms);
}

TEST(BackupReconfigurationTest, OwnIntervalCountsUntilAMasterIsHeard) {
  Subject s;
  s.wait(1s);
  s.config.advertisement_interval = 10s;
  s.reconfigure();
  EXPECT_EQ(s.left(), 36093750us - 1s);
  s.hear({.priority = 200});
  s.config.advertisement_interval = 5s;
  s.reconfigure();
  EXPECT_EQ(s.left(), kMasterDown);
}

TEST(BackupReconfigurationTest, V2KnowsOnlyItsOwnInterval) {
  Subject s(v2_config());
  s.hear({.priority = 200, .version = Version::v2});
  s.config.advertisement_interval = 2s;
  s.reconfigure();
  EXPECT_EQ(s.left(), 6609375us) << "skew of v2 does not scale";
}

TEST(BackupReconfigurationTest, OtherAddressesAreSilent) {
  Subject s;
  s.did();
  s.config.addresses = list({kVirtual, "10.0.0.17"});
  s.reconfigure();
  EXPECT_EQ(s.did(), Texts{});
  EXPECT_EQ(s.left(), kMasterDown);
}

TEST(BackupTest, NewPrimaryAddressIsUsedWhenItTakesOver) {
  Subject s;
  s.status.primary = ip("10.0.0.11");
  s.update_status();
  EXPECT_EQ(s.left(), kMasterDown);
  s.did();
  s.wait(kMasterDown);
  const Actions actions = s.take();
  EXPECT_EQ(std::get<SendAdvertisement>(actions.at(0).what).source, ip("10.0.0.11"));
}

}  // namespace
}  // namespace tandem::vrrpd::core
