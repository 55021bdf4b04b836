// SPDX-License-Identifier: Apache-2.0
#include "lib/config/history_file.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "lib/config/limits.h"

namespace tandem::config {
namespace {

const std::vector<std::string> kLines{"! commit 7\n",
                                      "! time 1700000000000000\n",
                                      "! user root\n",
                                      "! pid 12\n",
                                      "! what commit\n",
                                      "! comment a b\n",
                                      "!\n",
                                      "hostname r1\n",
                                      "end\n"};

std::string join(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += line;
  }
  return text;
}

TEST(HistoryFile, ReadsWhatItPrints) {
  const auto entry = parse_entry(join(kLines));
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->commit.id, 7U);
  EXPECT_EQ(entry->commit.author.user, "root");
  EXPECT_EQ(entry->commit.author.pid, 12U);
  EXPECT_EQ(entry->commit.comment, "a b");
  EXPECT_EQ(entry->text, "hostname r1\n");
  EXPECT_EQ(print_entry(entry->commit, entry->text), join(kLines));
}

TEST(HistoryFile, WithoutAnyOfItsLinesItIsNone) {
  for (std::size_t missing = 0; missing < kLines.size(); ++missing) {
    std::vector<std::string> lines = kLines;
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(missing));
    const bool configuration = kLines[missing].starts_with("hostname");  // it may be empty
    EXPECT_EQ(parse_entry(join(lines)).has_value(), configuration) << "without " << kLines[missing];
  }
}

TEST(HistoryFile, TornAnywhereItIsNone) {
  const std::string whole = join(kLines);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(parse_entry(whole.substr(0, size))) << size;
  }
}

TEST(HistoryFile, NumbersOutOfRangeAreNone) {
  for (const auto& [line, text] : std::vector<std::pair<std::size_t, std::string>>{
           {0, "! commit -1\n"}, {0, "! commit 9223372036854775808\n"}, {1, "! time x\n"}, {3, "! pid 4294967296\n"}}) {
    std::vector<std::string> lines = kLines;
    lines[line] = text;
    EXPECT_FALSE(parse_entry(join(lines))) << text;
  }
}

TEST(HistoryFile, AnyTimeCanBeShown) {
  for (const std::int64_t time : {std::int64_t{0}, std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_FALSE(to_string(base::WallTime(std::chrono::microseconds(time))).empty());
  }
}

TEST(HistoryFile, NotesAreShortAndOfOneLine) {
  std::vector<std::string> lines = kLines;
  lines[4] = "! what \x1b[2J" + std::string(2 * kMaxNote, 'x') + "\n";
  const auto entry = parse_entry(join(lines));
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->commit.what, "\\x1b[2J" + std::string(kMaxNote - 7, 'x'));
}

TEST(HistoryFile, WithAnyByteChangedItIsReadOrNot) {
  std::mt19937 random(20261128);
  const std::string whole = join(kLines);
  for (int turn = 0; turn < 20'000; ++turn) {
    std::string text = whole;
    for (unsigned changes = 0; changes <= random() % 3; ++changes) {
      text[random() % text.size()] = static_cast<char>(random());
    }
    if (const auto entry = parse_entry(text)) {
      EXPECT_FALSE(to_string(entry->commit.when).empty());
      EXPECT_TRUE(parse_entry(print_entry(entry->commit, entry->text))) << text;
    }
  }
}

}  // namespace
}  // namespace tandem::config
