// SPDX-License-Identifier: Apache-2.0
#include "lib/log/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tandem::log {
namespace {

constexpr Message kSecond{"CATALOGUE-002", Level::warnings, "{}: {:02} of {{}} remain", "Look."};
constexpr Message kFirst{"CATALOGUE-001", Level::errors, "nothing", ""};
constexpr Message kNeverWritten{"CATALOGUE-003", Level::errors, "nothing", ""};
constexpr Message kNeighbours{"CATALOGUE-004", Level::errors, "dropped: {}{}", ""};

// Compiling the calls registers the messages; the function need not run.
[[maybe_unused]] void write_all(Logger& logger) {
  logger.write<kSecond>("eth1", 5);
  logger.write<kFirst>();
}

std::vector<std::string_view> ids_of_this_test() {
  std::vector<std::string_view> ids;
  for (const Message* message : catalogue()) {
    if (std::string_view(message->id).starts_with("CATALOGUE-")) {
      ids.emplace_back(message->id);
    }
  }
  return ids;
}

TEST(Catalogue, HasEachMessageThatIsWrittenOnceAndSorted) {
  Logger logger;
  write_all(logger);
  EXPECT_THAT(ids_of_this_test(), testing::ElementsAre("CATALOGUE-001", "CATALOGUE-002"));
  EXPECT_EQ(find_message(kNeverWritten.id), nullptr);
}

TEST(Catalogue, FindsAnIdInEitherCase) {
  EXPECT_EQ(find_message("CATALOGUE-001"), &kFirst);
  EXPECT_EQ(find_message("catalogue-002"), &kSecond);
  EXPECT_EQ(find_message("catalogue-00"), nullptr);
  EXPECT_EQ(find_message(""), nullptr);
}

TEST(Catalogue, ShowsThreeDotsForAValueOrForSeveralSideBySide) {
  EXPECT_EQ(shown_text(kSecond), "...: ... of {} remain");
  EXPECT_EQ(shown_text(kNeighbours), "dropped: ...");
}

}  // namespace
}  // namespace tandem::log
