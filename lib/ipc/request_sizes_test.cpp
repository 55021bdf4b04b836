// SPDX-License-Identifier: Apache-2.0
#include "lib/ipc/request_sizes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/limits.h"
#include "lib/ipc/codec.h"
#include "lib/ipc/limits.h"

namespace tandem::ipc {
namespace {

using testing::HasSubstr;

std::string error_of(const Request& request) {
  const auto decoded = decode_request(encode(request));
  return decoded ? "" : decoded.error().message;
}

std::string text(std::size_t size) { return std::string(size, 'x'); }

TEST(RequestSizes, EachTextHasItsLimit) {
  const cli::Context deep(8, text(base::kMaxLineLength));
  EXPECT_EQ(error_of({1, Execute{"config-if", text(kMaxViewerFrameSize), deep}}), "");
  EXPECT_EQ(error_of({1, Load{text(kMaxFileName), text(1'000'000)}}), "");
  const struct {
    Request request;
    const char* error;
  } cases[] = {
      {{1, Hello{2, text(kMaxName + 1)}}, "the name of the client has 257 bytes, more than the limit of 256"},
      {{1, Execute{text(kMaxName + 1), "x"}}, "the name of the mode has 257 bytes"},
      {{1, Execute{"enable", text(kMaxViewerFrameSize + 1)}}, "the line has 65537 bytes"},
      {{1, Execute{"config", "x", {text(base::kMaxLineLength + 1)}}}, "a line of the context has 4097 bytes"},
      {{1, Load{text(kMaxFileName + 1), "x"}}, "the name of the file has 4097 bytes"},
      {{1, Complete{text(kMaxName + 1)}}, "the name of what to complete has 257 bytes"},
  };
  for (const auto& each : cases) {
    EXPECT_THAT(error_of(each.request), HasSubstr(each.error));
  }
}

TEST(RequestSizes, CountsTheFieldsOfAllBodies) {
  EXPECT_THAT(error_of({1, Execute{"config", "x", cli::Context(kMaxRequestFields)}}),
              HasSubstr("a request of more than 64 fields"));
  std::string again;  // bodies of one kind are merged
  for (std::size_t i = 0; i < kMaxRequestFields; ++i) {
    again += encode(Request{1, Execute{"config", "x", {"interface eth1"}}});
  }
  EXPECT_THAT(decode_request(again).error().message, HasSubstr("a request of more than 64 fields"));
  std::string unknown;
  for (std::size_t i = 0; i <= kMaxRequestFields; ++i) {
    unknown += std::string("\x7a\x01x");
  }
  EXPECT_FALSE(check_request_sizes(unknown).has_value());
}

TEST(RequestSizes, WhatIsNoMessageIsRefused) {
  for (const std::string& bytes : {std::string("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"), std::string("\x1a\x7f"),
                                   std::string("\x0b"), std::string("\x08")}) {
    EXPECT_FALSE(check_request_sizes(bytes).has_value());
  }
  EXPECT_TRUE(check_request_sizes({}).has_value()) << "an empty message, which has no body";
}

}  // namespace
}  // namespace tandem::ipc
