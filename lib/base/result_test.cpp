// SPDX-License-Identifier: Apache-2.0
#include "lib/base/result.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>

namespace tandem::base {
namespace {

struct Line {
  int number = 0;
};

Result<std::unique_ptr<int>> half_of(int number) {
  if (number % 2 != 0) {
    return fail(Error::Kind::invalid, "{} is odd", number);
  }
  return std::make_unique<int>(number / 2);
}

Result<int> quarter_of(int number) {
  const auto half = TANDEM_TRY(half_of(number));  // a value that can only be moved
  const auto quarter = TANDEM_TRY(half_of(*half));
  return *quarter;
}

Result<> check_line(int number) { return number == 0 ? Result<>(fail("line 0")) : Result<>(); }

Result<int> next_line(int number) {
  TANDEM_TRY(check_line(number));
  return number + 1;
}

Result<int, Line> refused_at(int number) { return Unexpected<Line>(Line{number}); }

Result<std::string, Line> text_of(int number) { return std::to_string(TANDEM_TRY(refused_at(number))); }

TEST(Try, YieldsTheValue) { EXPECT_EQ(quarter_of(12), 3); }

TEST(Try, ReturnsTheErrorWithItsKind) {
  const auto quarter = quarter_of(6);
  ASSERT_FALSE(quarter);
  EXPECT_EQ(quarter.error().message, "3 is odd");
  EXPECT_EQ(quarter.error().kind, Error::Kind::invalid);
}

TEST(Try, TakesAResultWithoutValue) {
  EXPECT_EQ(next_line(4), 5);
  EXPECT_FALSE(next_line(0));
}

TEST(Try, KeepsTheTypeOfTheError) { EXPECT_EQ(text_of(7).error().number, 7); }

TEST(Error, ContextKeepsCodeAndKind) {
  const auto error = fail_with_context("vrrp 5", fail_errno(ENOENT, "eth9").value()).value();
  EXPECT_EQ(error.message, "vrrp 5: eth9: No such file or directory");
  EXPECT_EQ(error.code, ENOENT);
  EXPECT_EQ(error.kind, Error::Kind::not_found);
}

}  // namespace
}  // namespace tandem::base
