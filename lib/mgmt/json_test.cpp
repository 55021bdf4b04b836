// SPDX-License-Identifier: Apache-2.0
#include "lib/mgmt/json.h"

#include <gmock/gmock.h>
#include <json-c/json.h>

#include <memory>

namespace tandem::mgmt::json {
namespace {

// What FRR does with the document: parses nothing, prints it with json-c.
std::string as_json_c_prints(const std::string& document) {
  const std::unique_ptr<json_object, int (*)(json_object*)> parsed(json_tokener_parse(document.c_str()),
                                                                   json_object_put);
  return std::string(
             json_object_to_json_string_ext(parsed.get(), JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE)) +
         "\n";
}

std::string nested() {
  Writer writer;
  writer.begin_object();
  writer.key("number").number(18);
  writer.key("large").number(9'223'372'036'854'775'807ULL);
  writer.key("yes").boolean(true);
  writer.key("no").boolean(false);
  writer.key("nothing").text("");
  writer.key("list").begin_array();
  writer.text("one");
  writer.begin_object();
  writer.key("in an array").number(0);
  writer.end_object();
  writer.begin_array();
  writer.number(1);
  writer.number(2);
  writer.end_array();
  writer.end_array();
  writer.key("empty array").begin_array();
  writer.end_array();
  writer.key("empty object").begin_object();
  writer.end_object();
  writer.key("last").text("a/b");
  writer.end_object();
  return writer.take();
}

std::string with_text(const std::string& text) {
  Writer writer;
  writer.begin_object();
  writer.key(text).text(text);
  writer.end_object();
  return writer.take();
}

TEST(JsonWriter, PrintsTheLayoutOfJsonC) { EXPECT_EQ(nested(), as_json_c_prints(nested())); }

TEST(JsonWriter, EscapesWhatJsonCEscapesAndNothingElse) {
  for (int c = 1; c < 0x80; ++c) {  // zero would be the end of a key for json-c
    const std::string text = with_text(std::string("a") + static_cast<char>(c) + "b");
    EXPECT_EQ(text, as_json_c_prints(text)) << "character " << c;
  }
  const std::string greek = with_text("\u03bb, \U0001f600");
  EXPECT_EQ(greek, as_json_c_prints(greek));
  EXPECT_EQ(with_text(std::string("\0", 1)), "{\n  \"\\u0000\":\"\\u0000\"\n}\n");
}

TEST(JsonWriter, IsEmptyWhenTheDocumentIsTaken) {
  Writer writer;
  for (int i = 0; i < 2; ++i) {
    writer.begin_array();
    writer.end_array();
    EXPECT_EQ(writer.take(), "[\n]\n");
  }
}

}  // namespace
}  // namespace tandem::mgmt::json
