// SPDX-License-Identifier: Apache-2.0
#include "lib/log/trouble_limit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tandem::log {
namespace {

using namespace std::chrono_literals;
using Verdict = TroubleLimit::Verdict;

constexpr TroubleLimit::Limits kLimits{.window = 10s, .lines_of_subject = 2, .lines = 5, .repeat = 1h, .forget = 3min};
constexpr base::TimePoint at(base::Duration since_start) { return base::TimePoint(since_start); }
const base::IpAddress kPeer = base::IpAddress::v4(10, 0, 0, 1);

base::IpAddress made_up(unsigned number) {
  return base::IpAddress::v4(10, static_cast<std::uint8_t>(number >> 16U), static_cast<std::uint8_t>(number >> 8U),
                             static_cast<std::uint8_t>(number));
}

TEST(TroubleLimit, SaysOnceWhatGoesOnAndRepeatsItSeldom) {
  TroubleLimit limit(kLimits);
  unsigned lines = 0;
  std::uint64_t more = 0;
  for (base::Duration time{}; time <= 1h; time += 1s) {
    const auto answer = limit.ask({1, kPeer}, at(time));
    lines += answer.verdict == Verdict::say ? 1 : 0;
    more += answer.more;
  }
  EXPECT_EQ(lines, 2U);
  EXPECT_EQ(more, 3599U);
}

TEST(TroubleLimit, SaysAgainWhatComesBackOrChanges) {
  TroubleLimit limit(kLimits);
  EXPECT_EQ(limit.ask({1, kPeer}, at(0s)).verdict, Verdict::say);
  EXPECT_EQ(limit.ask({1, kPeer}, at(2min)).verdict, Verdict::said);
  EXPECT_EQ(limit.ask({1, kPeer, 7}, at(2min)).verdict, Verdict::say);
  EXPECT_EQ(limit.ask({1, kPeer}, at(5min)).verdict, Verdict::say);
}

TEST(TroubleLimit, MadeUpSendersGetAFewLinesAndASummary) {
  TroubleLimit limit(kLimits);
  unsigned said = 0;
  for (unsigned i = 0; i < 10'000; ++i) {
    said += limit.ask({1, made_up(i)}, at(i * 1ms)).verdict == Verdict::say ? 1 : 0;
  }
  EXPECT_EQ(said, kLimits.lines_of_subject);
  EXPECT_EQ(limit.deadline(), at(10s));
  EXPECT_TRUE(limit.take_left_out(at(9s)).empty());
  const auto left_out = limit.take_left_out(at(10s));
  ASSERT_EQ(left_out.size(), 1U);
  EXPECT_EQ(left_out[0].subject, 1U);
  EXPECT_EQ(left_out[0].count, 9998U);
  EXPECT_EQ(limit.deadline(), std::nullopt);
}

TEST(TroubleLimit, OneSubjectDoesNotTakeTheLinesOfOthers) {
  TroubleLimit limit(kLimits);
  for (unsigned i = 0; i < 100; ++i) {
    limit.ask({1, made_up(i)}, at(0s));
  }
  EXPECT_EQ(limit.ask({2, kPeer}, at(0s)).verdict, Verdict::say);
}

TEST(TroubleLimit, AllSubjectsTogetherHaveALimitAndTheMostFrequentComesFirst) {
  TroubleLimit limit(kLimits);
  unsigned said = 0;
  for (std::uint64_t subject = 0; subject < 100; ++subject) {
    said += limit.ask({subject, kPeer}, at(0s)).verdict == Verdict::say ? 1 : 0;
  }
  EXPECT_EQ(said, kLimits.lines);
  limit.ask({50, kPeer}, at(0s));
  EXPECT_EQ(limit.take_left_out(at(10s)).front().subject, 50U);
}

TEST(TroubleLimit, SeesAsWellAfterAFloodAsBefore) {
  TroubleLimit limit(kLimits);
  for (unsigned i = 0; i < 100'000; ++i) {
    limit.ask({i % 50, made_up(i)}, at(i * 1ms));
  }
  for (std::uint64_t subject = 0; subject < kLimits.lines; ++subject) {
    EXPECT_EQ(limit.ask({subject, made_up(1'000'000)}, at(125s)).verdict, Verdict::say);
  }
}

}  // namespace
}  // namespace tandem::log
