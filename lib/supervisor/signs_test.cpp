// SPDX-License-Identifier: Apache-2.0
#include "lib/supervisor/signs.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <random>

namespace tandem::supervisor {
namespace {

constexpr std::int64_t us(milliseconds time) { return std::chrono::microseconds(time).count(); }
constexpr std::int64_t kBegan = 1'000'000'000;

// A worker and what it writes.
struct Worker {
  explicit Worker(std::int64_t start_patience = us(kStartPatience)) { signs.begin(kBegan, start_patience); }

  void beats(std::int64_t at, std::int64_t patience = us(milliseconds(500))) {
    header->phase.store(Phase::running);
    header->patience.store(patience);
    header->beat.store(at);
    signs.look(*header, at);
  }

  std::unique_ptr<Header> header = std::make_unique<Header>();
  SignsOfLife signs;
};

TEST(SignsOfLife, OneThatStartsHasItsTime) {
  Worker worker;
  worker.signs.look(*worker.header, kBegan + 1);
  EXPECT_EQ(worker.signs.deadline(), kBegan + us(kStartPatience));
}

TEST(SignsOfLife, TheFirstMayReadItsConfigurationForAsLongAsItLikes) {
  Worker worker(kNever);
  worker.signs.look(*worker.header, kBegan + us(milliseconds(600'000)));
  EXPECT_EQ(worker.signs.deadline(), kNever);
  EXPECT_EQ(worker.signs.management_deadline(), kNever);
}

TEST(SignsOfLife, EachSignAllowsItsPatience) {
  Worker worker;
  worker.beats(kBegan + 1000);
  EXPECT_EQ(worker.signs.deadline(), kBegan + 1000 + us(milliseconds(500)));
  worker.signs.forgive(kBegan + 2000);
  EXPECT_EQ(worker.signs.deadline(), kBegan + 2000 + us(milliseconds(500)));
}

TEST(SignsOfLife, APatienceIsBelievedWithinItsLimits) {
  for (const std::int64_t patience : {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::min()}) {
    Worker worker;
    worker.beats(kBegan + 1, patience);
    EXPECT_EQ(worker.signs.deadline(), kBegan + 1 + us(kMinPatience)) << patience;
  }
  for (const std::int64_t patience : {std::int64_t{1'000'000'000'000}, kNever}) {
    Worker worker;
    worker.beats(kBegan + 1, patience);
    EXPECT_EQ(worker.signs.deadline(), kBegan + 1 + us(kLongestPatience)) << patience;
    EXPECT_LE(SignsOfLife::start_patience(*worker.header), us(kStartPatience));
  }
}

TEST(SignsOfLife, ABeatToComeIsNoSign) {
  Worker worker;
  worker.beats(kBegan + 1);
  worker.header->beat.store(kNever);
  worker.header->management_beat.store(kNever);
  worker.signs.look(*worker.header, kBegan + 100);
  EXPECT_EQ(worker.signs.deadline(), kBegan + 1 + us(milliseconds(500)));
  EXPECT_EQ(worker.signs.management_deadline(), kBegan + 1 + us(kManagementPatience));
}

// Both often wake up at the same moment: the supervisor reads its clock, the worker beats, the supervisor reads the beat.
TEST(SignsOfLife, ABeatGivenSinceTheClockWasReadIsASign) {
  Worker worker;
  worker.beats(kBegan + 1);
  const std::int64_t now = worker.signs.deadline();
  worker.header->beat.store(now + 3);
  worker.header->management_beat.store(now + 3);
  worker.signs.look(*worker.header, now);
  EXPECT_EQ(worker.signs.deadline(), now + us(milliseconds(500)));
  EXPECT_EQ(worker.signs.management_deadline(), now + us(kManagementPatience));
}

TEST(SignsOfLife, NobodyStartsTwice) {
  Worker worker;
  worker.beats(kBegan + 1, us(kMinPatience));
  worker.header->phase.store(Phase::starting);
  worker.signs.look(*worker.header, kBegan + 2);
  EXPECT_EQ(worker.signs.deadline(), kBegan + 1 + us(kMinPatience));
}

TEST(SignsOfLife, OneThatEndsHasMoreTimeIfItWasToldTo) {
  Worker worker;
  worker.beats(kBegan + 1);
  worker.header->phase.store(Phase::stopping);
  worker.signs.look(*worker.header, kBegan + 2);
  EXPECT_EQ(worker.signs.deadline(), kBegan + 1 + us(kOwnStopPatience));
  worker.signs.told_to_stop();
  EXPECT_EQ(worker.signs.deadline(), kBegan + 1 + us(kStopPatience));
  EXPECT_EQ(worker.signs.management_deadline(), kNever) << "it has none any more";
}

TEST(SignsOfLife, ManagementOfOneThatGoesOnIsWatchedFromItsFirstBeatOn) {
  Worker worker;
  EXPECT_EQ(worker.signs.management_deadline(), kNever);
  worker.beats(kBegan + 5);
  EXPECT_EQ(worker.signs.management_deadline(), kBegan + 5 + us(kManagementPatience));
  worker.header->management_beat.store(kBegan + 70);
  worker.beats(kBegan + 80);
  EXPECT_EQ(worker.signs.management_deadline(), kBegan + 70 + us(kManagementPatience));
}

TEST(SignsOfLife, ManagementOfTheFirstIsWatchedOnceItHasReadItsConfiguration) {
  Worker worker(kNever);
  worker.beats(kBegan + 5);
  EXPECT_EQ(worker.signs.management_deadline(), kNever);
  const std::int64_t ready = kBegan + us(milliseconds(100'000));
  worker.signs.ready(ready);
  EXPECT_EQ(worker.signs.management_deadline(), ready + us(kManagementPatience));
  worker.signs.ready(ready + us(kManagementPatience));  // again, after a SIGHUP: that is no sign of life
  EXPECT_EQ(worker.signs.management_deadline(), ready + us(kManagementPatience));
}

TEST(SignsOfLife, WhateverIsInTheMemoryNoSilenceIsLongerThanItsLimit) {
  std::mt19937_64 random(20261128);
  Worker worker;
  std::int64_t now = kBegan;
  worker.beats(now);
  for (int turn = 0; turn < 100'000; ++turn) {
    Header& header = *worker.header;
    const auto any = [&random, now] {
      return random() % 2 == 0 ? static_cast<std::int64_t>(random())
                               : now + static_cast<std::int64_t>(random() % 2000) - 1000;
    };
    const auto phase = static_cast<std::uint32_t>(random() % 2 == 0 ? random() : random() % 4);
    std::memcpy(static_cast<void*>(&header.phase), &phase, sizeof phase);
    header.patience.store(any());
    header.beat.store(any());
    header.management_beat.store(any());
    header.fenced.store(static_cast<std::uint32_t>(random()));
    now += static_cast<std::int64_t>(random() % 1000);
    worker.signs.look(header, now);
    ASSERT_LE(worker.signs.alive(), now);
    ASSERT_LE(worker.signs.deadline(), now + us(kOwnStopPatience));
    ASSERT_GE(worker.signs.deadline(), worker.signs.alive() + us(kMinPatience));
    if (worker.signs.management_deadline() != kNever) {
      ASSERT_LE(worker.signs.management_deadline(), now + us(kManagementPatience));
    }
    ASSERT_LE(SignsOfLife::start_patience(header), us(kStartPatience));
    ASSERT_GE(SignsOfLife::start_patience(header), us(kMinPatience));
  }
}

}  // namespace
}  // namespace tandem::supervisor
