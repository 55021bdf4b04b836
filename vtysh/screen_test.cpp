// SPDX-License-Identifier: Apache-2.0
// The live screen as a value, and the colours.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vtysh/live.h"
#include "vtysh/paint.h"

namespace tandem::vtysh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::vector<ipc::Highlight> kHighlights{
    {"Master", ipc::Tone::good}, {"Backup", ipc::Tone::neutral}, {"Initialize", ipc::Tone::bad}};

// The lines of a picture without the sequences that place and clear.
std::vector<std::string> visible(const std::string& picture) {
  std::vector<std::string> lines(1);
  for (std::size_t at = 0; at < picture.size(); ++at) {
    if (picture[at] == '\x1b') {
      at = picture.find_first_of("ABHJKm", at);
    } else if (picture[at] == '\n') {
      lines.emplace_back();
    } else if (picture[at] != '\r') {
      lines.back() += picture[at];
    }
  }
  return lines;
}

std::string rows(int count) {
  std::string text = " VRID  State\n ------------\n";
  for (int row = 1; row <= count; ++row) {
    text += fmt::format(" row {}\n", row);
  }
  return text;
}

TEST(Paint, ColoursValuesAndNoLabels) {
  const std::vector<std::pair<const char*, const char*>> cases{
      {" Status (v4)   Master     \n", " Status (v4)   \x1b[32mMaster\x1b[0m     \n"},
      {" Master Down Interval (v4)   3 ms\n", " Master Down Interval (v4)   3 ms\n"},
      {"Backup: 10.0.0.1 has priority 2\n", "\x1b[36mBackup\x1b[0m: 10.0.0.1 has priority 2\n"},
      {" 1  Master  Initialize\n", " 1  \x1b[32mMaster\x1b[0m  \x1b[31mInitialize\x1b[0m\n"},
      {" Initialize \n", " \x1b[31mInitialize\x1b[0m \n"},
      {"MasterX  xMaster\n", "MasterX  xMaster\n"},
      {"\"status\":\"Master\",\n", "\"status\":\"Master\",\n"},
      {"", ""},
  };
  for (const auto& [text, painted] : cases) {
    EXPECT_EQ(paint(text, kHighlights), painted) << text;
    EXPECT_EQ(paint(text, {}), text);
  }
}

TEST(Paint, RowsOfATableHaveNoLabels) {
  EXPECT_EQ(paint_row("eth1 5 v4 Backup 3s xMaster Mastery", kHighlights),
            "eth1 5 v4 \x1b[36mBackup\x1b[0m 3s xMaster Mastery");
}

TEST(Paint, AWordInTwoPiecesIsOneWord) {
  StringOutput out;
  {
    PaintedOutput painted(out, kHighlights);
    painted.write(" Mas");
    painted.write("ter\n Back");
    EXPECT_EQ(out.take(), " \x1b[32mMaster\x1b[0m\n");
    painted.write("up");
  }
  EXPECT_EQ(out.take(), " \x1b[36mBackup\x1b[0m");
}

TEST(Screen, WhatFitsIsShownWhole) {
  Screen screen(kHighlights);
  screen.resize({.lines = 6, .columns = 80});
  screen.set_text(rows(3));
  EXPECT_THAT(visible(screen.picture()),
              ElementsAre(" VRID  State", " ------------", " row 1", " row 2", " row 3", "q: quit"));
}

TEST(Screen, MoreRowsThanLinesScrollBelowTheHeading) {
  Screen screen(kHighlights);
  screen.resize({.lines = 5, .columns = 80});
  screen.set_text(rows(6));
  const std::vector<std::pair<const char*, const char*>> steps{
      {"", " row 1"},       {" ", " row 3"},      {"\x1b[6~", " row 5"}, {" ", " row 5"},
      {"\x1b[A", " row 4"}, {"b", " row 2"},      {"g", " row 1"},       {"G", " row 5"},
      {"\x1b[H", " row 1"}, {"\x1b[B", " row 2"}, {"jj", " row 4"},      {"\x1b[5~", " row 2"},
  };
  for (const auto& [keys, top] : steps) {
    screen.handle_keys(keys);
    const auto lines = visible(screen.picture());
    ASSERT_EQ(lines.size(), 5U);
    EXPECT_EQ(lines[0], " VRID  State");
    EXPECT_EQ(lines[2], top) << "after '" << keys << "'";
  }
  EXPECT_THAT(visible(screen.picture()).back(), HasSubstr("rows 2-3 of 6"));
}

TEST(Screen, LabelsBehindTheFirstBlankLineStayToo) {
  Screen screen({});
  screen.resize({.lines = 5, .columns = 80});
  screen.set_text("3 routers\n\nVRID\n1\n2\n3\n");
  screen.handle_keys("G");
  EXPECT_THAT(visible(screen.picture()),
              ElementsAre("3 routers", "", "VRID", "3", "rows 3-3 of 3   space, b: scroll   q: quit"));
}

TEST(Screen, KeepsItsPlaceWhenTheTextIsRefreshedAndMovesUpWhenRowsGo) {
  Screen screen(kHighlights);
  screen.resize({.lines = 5, .columns = 80});
  screen.set_text(rows(6));
  screen.handle_keys("jj");
  screen.set_text(rows(6));
  EXPECT_EQ(visible(screen.picture())[2], " row 3");
  screen.set_text(rows(3));
  EXPECT_EQ(visible(screen.picture())[2], " row 2");
}

TEST(Screen, EndsWithQAndCtrlCAndNothingElse) {
  Screen screen({});
  screen.set_text(rows(1));
  EXPECT_EQ(screen.handle_keys("q"), Screen::Effect::quit);
  EXPECT_EQ(screen.handle_keys("x\x03"), Screen::Effect::quit);
  EXPECT_EQ(screen.handle_keys("\x1b"), Screen::Effect::none);
  EXPECT_EQ(screen.handle_keys("zZ\x1b[99~\xff"), Screen::Effect::none);
  EXPECT_EQ(screen.handle_keys("j"), Screen::Effect::repaint);
}

TEST(Screen, LongLinesAreCutAtCharacters) {
  Screen screen(kHighlights);
  screen.resize({.lines = 4, .columns = 4});
  screen.set_text("f\xc3\xbcnf\xc3\xbcnf\nMaster\n");
  EXPECT_THAT(visible(screen.picture()), ElementsAre("f\xc3\xbcnf", "Mast", "q: q"));
}

TEST(Screen, SmallTerminalsAndEmptyTextsAreNoProblem) {
  for (const std::size_t lines : {0U, 1U, 2U, 3U}) {
    Screen screen(kHighlights);
    screen.resize({.lines = lines, .columns = 0});
    EXPECT_FALSE(screen.picture().empty());
    screen.set_text(rows(9));
    screen.handle_keys("G j b");
    EXPECT_THAT(screen.picture(), Not(HasSubstr("row")));
  }
}

}  // namespace
}  // namespace tandem::vtysh
