// SPDX-License-Identifier: Apache-2.0
#include "lib/log/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/log/rate_limit.h"
#include "lib/log/relay.h"
#include "lib/log/ring.h"

namespace tandem::log {
namespace {

using std::chrono_literals::operator""s;
using std::chrono_literals::operator""ms;
using testing::ElementsAre;

inline constexpr Message kLinkDown{"IO-012", Level::warnings, "interface {}: link is down after {} s",
                                   "Check the cable."};
inline constexpr Message kDetail{"IO-013", Level::debugging, "detail {}", ""};

class RecordingSink : public Sink {
 public:
  explicit RecordingSink(std::vector<std::string>& lines) : lines_(lines) {}
  void write(const Record& record) override {
    lines_.push_back(fmt::format("{} [{}] {}", to_string(record.level), record.id, record.text));
  }
  void reopen() override { lines_.push_back("reopened"); }

 private:
  std::vector<std::string>& lines_;
};

TEST(Logger, FormatsTheMessageWithItsIdAndLevel) {
  std::vector<std::string> lines;
  Logger logger;
  logger.add(std::make_unique<RecordingSink>(lines), Level::informational);
  logger.write<kLinkDown>("eth1", 3);
  EXPECT_THAT(lines, ElementsAre("warnings [IO-012] interface eth1: link is down after 3 s"));
}

class TimeSink : public Sink {
 public:
  explicit TimeSink(std::vector<base::WallTime>& times) : times_(times) {}
  void write(const Record& record) override { times_.push_back(record.when.value()); }

 private:
  std::vector<base::WallTime>& times_;
};

TEST(Logger, GivesALineOneTimeForAllSinks) {
  std::vector<base::WallTime> first;
  std::vector<base::WallTime> second;
  Logger logger;
  logger.add(std::make_unique<TimeSink>(first), Level::informational);
  logger.add(std::make_unique<TimeSink>(second), Level::informational);
  for (int i = 0; i < 1000; ++i) {
    logger.write<kLinkDown>("eth1", i);
  }
  logger.emit({Level::warnings, "IO-012", "before", base::WallTime(7s)});
  EXPECT_EQ(first, second);
  EXPECT_EQ(first.back(), base::WallTime(7s));
}

TEST(Logger, TellsTheMostVerboseLevelThatAnySinkWants) {
  std::vector<std::string> lines;
  std::vector<Level> told;
  Logger logger;
  logger.add(std::make_unique<RecordingSink>(lines), Level::errors);
  logger.on_verbosity([&told](Level level) { told.push_back(level); });
  const int handle = logger.add(std::make_unique<RecordingSink>(lines), Level::debugging);
  logger.set_threshold(handle, Level::warnings);
  logger.remove(handle);
  EXPECT_THAT(told, ElementsAre(Level::errors, Level::debugging, Level::warnings, Level::errors));
}

TEST(Relay, HandsRecordsToAnotherLogger) {
  std::vector<std::string> lines;
  Logger logger;
  Logger other;
  other.add(std::make_unique<RecordingSink>(lines), Level::informational);
  std::vector<OwnedRecord> under_way;
  logger.add(std::make_unique<Relay>([&](OwnedRecord record) { under_way.push_back(std::move(record)); }),
             Level::debugging);
  logger.write<kLinkDown>("eth1", 3);
  logger.write<kDetail>(1);
  for (const OwnedRecord& record : under_way) {
    other.emit({record.level, record.id, record.text});
  }
  EXPECT_THAT(lines, ElementsAre("warnings [IO-012] interface eth1: link is down after 3 s"));
}

TEST(Logger, EachSinkHasItsOwnThreshold) {
  std::vector<std::string> quiet;
  std::vector<std::string> chatty;
  Logger logger;
  const int handle = logger.add(std::make_unique<RecordingSink>(quiet), Level::errors);
  logger.add(std::make_unique<RecordingSink>(chatty), Level::debugging);
  logger.write<kDetail>(1);
  logger.set_threshold(handle, Level::debugging);
  logger.write<kDetail>(2);
  EXPECT_THAT(quiet, ElementsAre("debugging [IO-013] detail 2"));
  EXPECT_THAT(chatty, ElementsAre("debugging [IO-013] detail 1", "debugging [IO-013] detail 2"));
}

TEST(Logger, RemovedSinkGetsNothingAndNoLevelIsEnabledForNobody) {
  std::vector<std::string> lines;
  Logger logger;
  const int handle = logger.add(std::make_unique<RecordingSink>(lines), Level::debugging);
  EXPECT_TRUE(logger.enabled(Level::debugging));
  logger.remove(handle);
  EXPECT_FALSE(logger.enabled(Level::emergencies));
  logger.write<kLinkDown>("eth1", 3);
  EXPECT_TRUE(lines.empty());
}

TEST(Logger, ReopenReachesTheSinks) {
  std::vector<std::string> lines;
  Logger logger;
  logger.add(std::make_unique<RecordingSink>(lines), Level::errors);
  logger.reopen();
  EXPECT_THAT(lines, ElementsAre("reopened"));
}

TEST(Level, NamesAreThoseOfTheCommandLineAndParseBack) {
  for (int value = 0; value < 8; ++value) {
    const auto level = static_cast<Level>(value);
    EXPECT_EQ(parse_level(to_string(level)), level);
  }
  EXPECT_EQ(parse_level("informational"), Level::informational);
  EXPECT_EQ(parse_level("info"), std::nullopt);
}

constexpr base::TimePoint at(base::Duration since_start) { return base::TimePoint(since_start); }

TEST(RateLimit, FirstPassesThenCountsUntilTheIntervalIsOver) {
  RateLimit limit(10s, 8);
  EXPECT_EQ(limit.pass("bad ttl", at(0s)), 0U);
  EXPECT_EQ(limit.pass("bad ttl", at(1s)), std::nullopt);
  EXPECT_EQ(limit.pass("bad ttl", at(9999ms)), std::nullopt);
  EXPECT_EQ(limit.pass("bad ttl", at(10s)), 2U);
  EXPECT_EQ(limit.pass("bad ttl", at(11s)), std::nullopt);
  EXPECT_EQ(limit.pass("bad ttl", at(30s)), 1U);
}

TEST(RateLimit, KeysAreIndependent) {
  RateLimit limit(10s, 8);
  EXPECT_EQ(limit.pass("a", at(0s)), 0U);
  EXPECT_EQ(limit.pass("b", at(0s)), 0U);
  EXPECT_EQ(limit.pass("a", at(1s)), std::nullopt);
}

TEST(RateLimit, KeysBeyondTheLimitShareOneEntry) {
  RateLimit limit(10s, 2);
  EXPECT_EQ(limit.pass("a", at(0s)), 0U);
  EXPECT_EQ(limit.pass("b", at(0s)), 0U);
  EXPECT_EQ(limit.pass("c", at(1s)), 0U);
  EXPECT_EQ(limit.pass("d", at(1s)), std::nullopt);
  EXPECT_EQ(limit.pass("e", at(2s)), std::nullopt);
  EXPECT_EQ(limit.pass("a", at(2s)), std::nullopt) << "known keys keep their own entry";
}

TEST(RateLimit, QuietKeysMakeRoom) {
  RateLimit limit(10s, 1);
  EXPECT_EQ(limit.pass("a", at(0s)), 0U);
  EXPECT_EQ(limit.pass("b", at(20s)), 0U);
  EXPECT_EQ(limit.pass("b", at(21s)), std::nullopt);
  EXPECT_EQ(limit.pass("c", at(21s)), 0U) << "shared entry is still unused";
}

TEST(RateLimit, MadeUpKeysDoNotFillItForGood) {
  RateLimit limit(10s, 2);
  for (int round = 0; round < 2; ++round) {
    for (int key = 0; key < 100; ++key) {
      limit.pass(std::to_string(key), at(0s));
    }
  }
  EXPECT_EQ(limit.pass("real", at(20s)), 0U);
  EXPECT_EQ(limit.pass("another", at(20s)), 0U);
}

TEST(RingTest, KeepsTheLastLinesInTheirOrder) {
  Ring ring(2);
  ring.add("one");
  EXPECT_THAT(ring.lines(), ElementsAre("one"));
  ring.add("two");
  ring.add("three");
  EXPECT_THAT(ring.lines(), ElementsAre("two", "three"));
}

}  // namespace
}  // namespace tandem::log
