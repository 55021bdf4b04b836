// SPDX-License-Identifier: Apache-2.0
#include "lib/log/printable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/log/log.h"

namespace tandem::log {
namespace {

using testing::ElementsAre;

TEST(Printable, LeavesTextInAnyLanguage) {
  for (const char* text : {"", "vrrp 5 on eth1", "Zürich", "東京 \xf0\x9f\x98\x80", "a\\b", "\xc2\xa0"}) {
    EXPECT_EQ(printable(text), text);
    EXPECT_EQ(printable_lines(text), text);
  }
}

TEST(Printable, EscapesWhatATerminalObeysAndWhatIsNoText) {
  const struct {
    std::string_view text;
    const char* shown;
  } cases[] = {
      {"\x1b]0;owned\x07\x1b[2J", "\\x1b]0;owned\\x07\\x1b[2J"},
      {"one\ntwo\r\tthree\x7f", "one\\x0atwo\\x0d\\x09three\\x7f"},
      {{"a\0b", 3}, "a\\x00b"},
      {"\xc2\x9b"
       "31m",
       "\\xc2\\x9b31m"},                            // C1, as UTF-8
      {"\x9b", "\\x9b"},                            // C1, as a byte
      {"\xff\xfe ok \xc3", "\\xff\\xfe ok \\xc3"},  // no UTF-8
      {"\xe2\x80\xae gnp", "\\xe2\\x80\\xae gnp"},  // from right to left
      {"\xe2\x80\xa8", "\\xe2\\x80\\xa8"},          // a line end
      {"\xc0\x80 \xe0\x80\x80", "\\xc0\\x80 \\xe0\\x80\\x80"},
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},           // a surrogate
      {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},  // beyond Unicode
      {"\xf0\x9f\x98", "\\xf0\\x9f\\x98"},           // cut short
  };
  for (const auto& each : cases) {
    EXPECT_EQ(printable(each.text), each.shown);
    EXPECT_EQ(printable(printable(each.text)), each.shown) << "once is enough";
  }
  EXPECT_EQ(printable_lines("one\n\ttwo\x1b\r\n"), "one\n\ttwo\\x1b\\x0d\n");
}

TEST(Printable, IsCutBetweenCharacters) {
  EXPECT_EQ(cut("abcdef", 6), "abcdef");
  EXPECT_EQ(cut("abcdef", 4), "abcd... (2 bytes more)");
  EXPECT_EQ(cut("ab\xc3\xa4", 3), "ab... (2 bytes more)");
  EXPECT_EQ(cut("\x80\x80\x80\x80\x80\x80", 5), "\x80\x80... (4 bytes more)");
}

class Texts : public Sink {
 public:
  explicit Texts(std::vector<std::string>& texts) : texts_(texts) {}
  void write(const Record& record) override { texts_.emplace_back(record.text); }

 private:
  std::vector<std::string>& texts_;
};

TEST(Printable, IsWhatEverySinkOfALoggerGets) {
  std::vector<std::string> file;
  std::vector<std::string> monitor;
  Logger logger;
  logger.add(std::make_unique<Texts>(file), Level::debugging);
  logger.add(std::make_unique<Texts>(monitor), Level::debugging);
  logger.emit(Level::warnings, "X-001", "line\n\x1b[2J");
  EXPECT_THAT(file, ElementsAre("line\\x0a\\x1b[2J"));
  EXPECT_EQ(monitor, file);
  logger.emit(Level::warnings, "X-001", std::string(100'000, 'x'));
  EXPECT_LT(file.back().size(), 5000U);
}

}  // namespace
}  // namespace tandem::log
