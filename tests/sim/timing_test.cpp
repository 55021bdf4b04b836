// SPDX-License-Identifier: Apache-2.0
// Pace and Takeover: each rule detects a violation and reports it.
#include <gtest/gtest.h>

#include "tests/sim/pace.h"
#include "tests/sim/takeover.h"
#include "tests/sim/testing.h"
#include "vrrpd/core/limits.h"

namespace tandem::sim {
namespace {

using namespace testing;

// One router, step by step.
template <class Invariant>
class Watched {
 public:
  Verdict at(Duration when, Stimulus stimulus, std::vector<core::Action> actions, State after) {
    return step(when, stimulus, actions, after, nullptr);
  }
  Verdict hears(Duration when, const Heard& heard, std::vector<core::Action> actions, State after) {
    const packet::ReceivedAdvertisement received = to_packet(heard);
    return step(when, Stimulus::advertisement, actions, after, &received);
  }
  Verdict overdue(Duration when) { return invariant_.overdue(router, TimePoint(when)); }

  RouterFacts router = some_router();

 private:
  Verdict step(Duration when, Stimulus stimulus, const std::vector<core::Action>& actions, State after,
               const packet::ReceivedAdvertisement* received) {
    const State before = std::exchange(router.state, after);
    return invariant_.observe({.member = 0,
                               .local = TimePoint(when),
                               .stimulus = stimulus,
                               .advertisement = received,
                               .admissible = received != nullptr,
                               .actions = actions,
                               .before = before,
                               .router = router});
  }

  Invariant invariant_;
};

Watched<Pace> master() {
  Watched<Pace> watched;
  EXPECT_EQ(watched.at(10s, Stimulus::timer, takeover(), State::master), std::nullopt);
  return watched;
}

TEST(PaceTest, AcceptsAScheduleThatLatenessDoesNotMove) {
  Watched<Pace> watched = master();
  EXPECT_EQ(watched.at(11s + 3ms, Stimulus::timer, {send(100)}, State::master), std::nullopt);
  EXPECT_EQ(watched.at(12s, Stimulus::timer, {send(100)}, State::master), std::nullopt);
  EXPECT_EQ(watched.overdue(13s - 1us), std::nullopt);
}

TEST(PaceTest, CatchesAnEarlyAdvert) {
  EXPECT_EQ(master().at(11s - 1us, Stimulus::timer, {send(100)}, State::master), "sent an advert 1 us early");
}

TEST(PaceTest, CatchesAMissingAdvert) { EXPECT_EQ(master().overdue(11s + 5us), "an advert has been due for 5 us"); }

TEST(PaceTest, CatchesAScheduleThatDrifts) {
  Watched<Pace> watched = master();
  watched.at(11s + 3ms, Stimulus::timer, {send(100)}, State::master);
  EXPECT_EQ(watched.overdue(12s + 1ms), "an advert has been due for 1000 us");
}

TEST(PaceTest, CatchesTwoAdvertsAtOnce) {
  EXPECT_EQ(master().at(11s, Stimulus::timer, {send(100), send(100)}, State::master), "sent 2 adverts at once");
}

TEST(PaceTest, CatchesAMissingAnswer) {
  EXPECT_EQ(master().hears(10500ms, {.priority = 50}, {}, State::master), "did not answer an advert that loses");
  EXPECT_EQ(master().hears(10500ms, {.priority = 0}, {}, State::master), "did not answer an advert that loses");
}

TEST(PaceTest, CatchesAnAnswerOfVersion2) {
  Watched<Pace> watched = master();
  watched.router.config.version = Version::v2;
  EXPECT_EQ(watched.hears(10500ms, {.priority = 50}, {send(100)}, State::master),
            "answered an advert that asks for no answer");
}

TEST(PaceTest, CatchesAStormOfAnswers) {
  Watched<Pace> watched = master();
  for (int i = 0; i < core::kMaxImmediateAdvertisements; ++i) {
    EXPECT_EQ(watched.hears(10500ms, {.priority = 50}, {send(100)}, State::master), std::nullopt);
  }
  EXPECT_EQ(watched.hears(10500ms, {.priority = 50}, {send(100)}, State::master), "sent 9 answers within an interval");
}

TEST(PaceTest, CatchesAnAdvertForNoReason) {
  EXPECT_EQ(master().at(10500ms, Stimulus::rejected, {send(100)}, State::master),
            "sent an advert that nothing called for");
}

// The router starts at 10 s: Master_Down_Interval ends at 13.609375 s.
Watched<Takeover> backup() {
  Watched<Takeover> watched;
  watched.router.state = State::initialize;
  EXPECT_EQ(watched.at(10s, Stimulus::started, {change(State::initialize, State::backup)}, State::backup),
            std::nullopt);
  return watched;
}

TEST(TakeoverTest, AcceptsATakeoverInTime) {
  EXPECT_EQ(backup().at(13609375us, Stimulus::timer, takeover(), State::master), std::nullopt);
  EXPECT_EQ(backup().overdue(13609374us), std::nullopt);
}

TEST(TakeoverTest, CatchesAnEarlyTakeover) {
  EXPECT_EQ(backup().at(13609374us, Stimulus::timer, takeover(), State::master), "took over 1 us early");
}

TEST(TakeoverTest, CatchesAMissingTakeover) {
  EXPECT_EQ(backup().overdue(13609375us), "has been Backup for 0 us longer than it should");
}

TEST(TakeoverTest, CatchesABackupThatDoesNotListen) {
  Watched<Takeover> watched = backup();
  watched.hears(11s, {.priority = 200}, {}, State::backup);
  EXPECT_EQ(watched.at(13609375us, Stimulus::timer, takeover(), State::master), "took over 1000000 us early");
}

TEST(TakeoverTest, CatchesABackupThatDoesNotLearnTheInterval) {
  Watched<Takeover> watched = backup();
  watched.hears(11s, {.priority = 200, .interval = base::Centiseconds(10)}, {}, State::backup);
  EXPECT_EQ(watched.overdue(11400ms), "has been Backup for 39063 us longer than it should");
}

TEST(TakeoverTest, CatchesABackupThatWaitsAfterPriority0) {
  Watched<Takeover> watched = backup();
  watched.hears(11s, {.priority = 200}, {}, State::backup);
  watched.hears(12s, {.priority = 0}, {}, State::backup);
  watched.hears(12500ms, {.priority = 0}, {}, State::backup);  // repeated: does not prolong the wait
  EXPECT_EQ(watched.overdue(12609374us), std::nullopt);
  EXPECT_EQ(watched.overdue(12609375us), "has been Backup for 0 us longer than it should");
}

TEST(TakeoverTest, CatchesABackupThatObeysALowerPriority) {
  Watched<Takeover> watched = backup();
  watched.hears(13s, {.priority = 50}, {}, State::backup);
  EXPECT_EQ(watched.overdue(13700ms), "has been Backup for 90625 us longer than it should");
}

TEST(TakeoverTest, CatchesABackupThatPreemptsAlthoughItMustNot) {
  Watched<Takeover> watched = backup();
  watched.router.config.preempt = false;
  watched.hears(13s, {.priority = 50}, {}, State::backup);
  EXPECT_EQ(watched.at(13609375us, Stimulus::timer, takeover(), State::master), "took over 3000000 us early");
}

TEST(TakeoverTest, CatchesAPreemptDelayThatDoesNotEnd) {
  Watched<Takeover> watched = backup();
  watched.router.config.preempt_delay = 5s;
  for (Duration when = 11s; when <= 15s; when += 1s) {
    watched.hears(when, {.priority = 50}, {}, State::backup);
  }
  EXPECT_EQ(watched.overdue(16s - 1us), std::nullopt);
  EXPECT_EQ(watched.overdue(16s + 1us), "has been Backup for 1 us longer than it should");
}

}  // namespace
}  // namespace tandem::sim
