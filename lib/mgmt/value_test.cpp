// SPDX-License-Identifier: Apache-2.0
#include "lib/mgmt/value.h"

#include <gtest/gtest.h>

namespace tandem::mgmt {
namespace {

struct Row {
  Value value;
  std::string text;
  std::string json;
  std::string model;  // empty: no leaf
};

std::string json_of(const Value& value) {
  json::Writer writer;
  write_json(writer, value);
  return writer.take();
}

std::string model_of(const Value& value) {
  json::Writer writer;
  writer.begin_object();
  write_leaf(writer, "x", value);
  writer.end_object();
  return writer.take();
}

TEST(Values, HaveThreeForms) {
  const std::vector<Row> table{
      {true, "Yes", "true", "true"},
      {false, "No", "false", "false"},
      {210U, "210", "210", "210"},
      {Counter{7}, "7", "7", "\"7\""},
      {Interval{std::chrono::milliseconds(1000)}, "1000 ms", "1000", "100"},
      {Timer{std::chrono::microseconds(3'179'687)}, "3170 ms", "3170", "\"3179687\""},
      {ExactTimer{std::chrono::microseconds(3'179'687)}, "3179687", "3179687", "\"3179687\""},
      {Address{base::IpAddress::v4(10, 0, 0, 1), "none"}, "10.0.0.1", "\"10.0.0.1\"", "\"10.0.0.1\""},
      {Address{std::nullopt, "::"}, "::", "\"::\"", ""},
      {Moment{base::WallTime(std::chrono::milliseconds(1))}, "1970-01-01T00:00:00.001Z", "\"1970-01-01T00:00:00.001Z\"",
       "\"1970-01-01T00:00:00.001Z\""},
      {Moment{std::nullopt}, "", "\"\"", ""},
      {OptionalNumber{5}, "5", "5", "5"},
      {OptionalNumber{0}, "", "0", ""},
      {Name{"Master"}, "Master", "\"Master\"", "\"master\""},
      {std::string("a"), "a", "\"a\"", "\"a\""},
      {std::string(), "", "\"\"", ""},
      {std::vector<std::string>{"a", "b"}, "a, b", "[\n  \"a\",\n  \"b\"\n]", "[\n    \"a\",\n    \"b\"\n  ]"},
      {std::vector<std::string>{}, "", "[\n]", ""},
  };
  for (const Row& row : table) {
    EXPECT_EQ(to_text(row.value), row.text);
    EXPECT_EQ(json_of(row.value), row.json + "\n");
    EXPECT_EQ(model_of(row.value), row.model.empty() ? "{\n}\n" : "{\n  \"x\":" + row.model + "\n}\n");
  }
}

}  // namespace
}  // namespace tandem::mgmt
