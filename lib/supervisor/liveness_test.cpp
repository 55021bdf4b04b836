// SPDX-License-Identifier: Apache-2.0
#include "lib/supervisor/liveness.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "lib/supervisor/limits.h"

namespace tandem::supervisor {
namespace {

constexpr std::int64_t us(milliseconds time) { return std::chrono::microseconds(time).count(); }
constexpr std::int64_t kBegan = 1'000'000'000;

// A worker and what it writes.
struct Worker {
  explicit Worker(std::int64_t start_timeout = us(kStartTimeout)) { liveness.begin(kBegan, start_timeout); }

  void sends_heartbeat(std::int64_t at, std::int64_t timeout = us(milliseconds(500))) {
    seen.phase = Phase::running;
    seen.heartbeat_timeout = timeout;
    seen.heartbeat = at;
    liveness.look(seen, at);
  }

  Observation seen;
  Liveness liveness;
};

TEST(Liveness, AWorkerThatStartsHasItsTimeout) {
  Worker worker;
  worker.liveness.look(worker.seen, kBegan + 1);
  EXPECT_EQ(worker.liveness.deadline(), kBegan + us(kStartTimeout));
}

TEST(Liveness, TheFirstWorkerMayReadItsConfigurationWithoutALimit) {
  Worker worker(kNever);
  worker.liveness.look(worker.seen, kBegan + us(milliseconds(600'000)));
  EXPECT_EQ(worker.liveness.deadline(), kNever);
  EXPECT_EQ(worker.liveness.management_deadline(), kNever);
}

TEST(Liveness, EachHeartbeatStartsItsTimeoutAnew) {
  Worker worker;
  worker.sends_heartbeat(kBegan + 1000);
  EXPECT_EQ(worker.liveness.deadline(), kBegan + 1000 + us(milliseconds(500)));
  worker.liveness.forgive(kBegan + 2000);
  EXPECT_EQ(worker.liveness.deadline(), kBegan + 2000 + us(milliseconds(500)));
}

TEST(Liveness, ATimeoutIsBelievedWithinItsLimits) {
  for (const std::int64_t timeout : {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::min()}) {
    Worker worker;
    worker.sends_heartbeat(kBegan + 1, timeout);
    EXPECT_EQ(worker.liveness.deadline(), kBegan + 1 + us(kMinTimeout)) << timeout;
  }
  for (const std::int64_t timeout : {std::int64_t{1'000'000'000'000}, kNever}) {
    Worker worker;
    worker.sends_heartbeat(kBegan + 1, timeout);
    EXPECT_EQ(worker.liveness.deadline(), kBegan + 1 + us(kMaxTimeout)) << timeout;
    EXPECT_LE(Liveness::start_timeout(worker.seen), us(kStartTimeout));
  }
}

TEST(Liveness, AHeartbeatInTheFutureIsIgnored) {
  Worker worker;
  worker.sends_heartbeat(kBegan + 1);
  worker.seen.heartbeat = kNever;
  worker.seen.management_heartbeat = kNever;
  worker.liveness.look(worker.seen, kBegan + 100);
  EXPECT_EQ(worker.liveness.deadline(), kBegan + 1 + us(milliseconds(500)));
  EXPECT_EQ(worker.liveness.management_deadline(), kBegan + 1 + us(kManagementTimeout));
}

// Both often wake up at the same moment: the supervisor reads its clock, the worker sends a heartbeat, the supervisor
// reads it.
TEST(Liveness, AHeartbeatSentSinceTheClockWasReadCounts) {
  Worker worker;
  worker.sends_heartbeat(kBegan + 1);
  const std::int64_t now = worker.liveness.deadline();
  worker.seen.heartbeat = now + 3;
  worker.seen.management_heartbeat = now + 3;
  worker.liveness.look(worker.seen, now);
  EXPECT_EQ(worker.liveness.deadline(), now + us(milliseconds(500)));
  EXPECT_EQ(worker.liveness.management_deadline(), now + us(kManagementTimeout));
}

TEST(Liveness, NoWorkerStartsTwice) {
  Worker worker;
  worker.sends_heartbeat(kBegan + 1, us(kMinTimeout));
  worker.seen.phase = Phase::starting;
  worker.liveness.look(worker.seen, kBegan + 2);
  EXPECT_EQ(worker.liveness.deadline(), kBegan + 1 + us(kMinTimeout));
}

TEST(Liveness, AWorkerThatStopsHasMoreTimeIfItWasToldTo) {
  Worker worker;
  worker.sends_heartbeat(kBegan + 1);
  worker.seen.phase = Phase::stopping;
  worker.liveness.look(worker.seen, kBegan + 2);
  EXPECT_EQ(worker.liveness.deadline(), kBegan + 1 + us(kOwnStopTimeout));
  worker.liveness.told_to_stop();
  EXPECT_EQ(worker.liveness.deadline(), kBegan + 1 + us(kStopTimeout));
  EXPECT_EQ(worker.liveness.management_deadline(), kNever) << "it is not watched any more";
}

TEST(Liveness, ManagementOfAWorkerThatContinuesIsWatchedFromItsFirstHeartbeatOn) {
  Worker worker;
  EXPECT_EQ(worker.liveness.management_deadline(), kNever);
  worker.sends_heartbeat(kBegan + 5);
  EXPECT_EQ(worker.liveness.management_deadline(), kBegan + 5 + us(kManagementTimeout));
  worker.seen.management_heartbeat = kBegan + 70;
  worker.sends_heartbeat(kBegan + 80);
  EXPECT_EQ(worker.liveness.management_deadline(), kBegan + 70 + us(kManagementTimeout));
}

TEST(Liveness, ManagementOfTheFirstWorkerIsWatchedOnceItHasReadItsConfiguration) {
  Worker worker(kNever);
  worker.sends_heartbeat(kBegan + 5);
  EXPECT_EQ(worker.liveness.management_deadline(), kNever);
  const std::int64_t ready = kBegan + us(milliseconds(100'000));
  worker.liveness.ready(ready);
  EXPECT_EQ(worker.liveness.management_deadline(), ready + us(kManagementTimeout));
  worker.liveness.ready(ready + us(kManagementTimeout));  // again, after a SIGHUP: that is no sign of life
  EXPECT_EQ(worker.liveness.management_deadline(), ready + us(kManagementTimeout));
}

TEST(Liveness, NoContentOfTheMemoryExtendsADeadlineBeyondItsLimit) {
  std::mt19937_64 random(20261128);
  Worker worker;
  std::int64_t now = kBegan;
  worker.sends_heartbeat(now);
  for (int turn = 0; turn < 100'000; ++turn) {
    Observation& seen = worker.seen;
    const auto any = [&random, now] {
      return random() % 2 == 0 ? static_cast<std::int64_t>(random())
                               : now + static_cast<std::int64_t>(random() % 2000) - 1000;
    };
    const auto phase = static_cast<std::uint32_t>(random() % 2 == 0 ? random() : random() % 4);
    std::memcpy(&seen.phase, &phase, sizeof phase);
    seen.heartbeat_timeout = any();
    seen.heartbeat = any();
    seen.management_heartbeat = any();
    seen.fenced = random() % 2 == 0;
    now += static_cast<std::int64_t>(random() % 1000);
    worker.liveness.look(seen, now);
    ASSERT_LE(worker.liveness.alive(), now);
    ASSERT_LE(worker.liveness.deadline(), now + us(kOwnStopTimeout));
    ASSERT_GE(worker.liveness.deadline(), worker.liveness.alive() + us(kMinTimeout));
    if (worker.liveness.management_deadline() != kNever) {
      ASSERT_LE(worker.liveness.management_deadline(), now + us(kManagementTimeout));
    }
    ASSERT_LE(Liveness::start_timeout(seen), us(kStartTimeout));
    ASSERT_GE(Liveness::start_timeout(seen), us(kMinTimeout));
  }
}

}  // namespace
}  // namespace tandem::supervisor
