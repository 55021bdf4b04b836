// SPDX-License-Identifier: Apache-2.0
// Messages in a byte stream: 4 bytes length, big endian, then the message. PURE.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/ipc/limits.h"

namespace tandem::ipc {

// The message with its length in front. Longer than kMaxFrameSize is a broken invariant: senders split their output.
std::string frame(std::string_view message);

// Takes a stream in pieces of any size and gives the messages.
class FrameParser {
 public:
  explicit FrameParser(std::size_t max_size = kMaxFrameSize) : max_size_(max_size) {}

  void add(std::string_view bytes) { buffer_.append(bytes); }

  // The next whole message, or nothing yet. Fails if the announced length is beyond the limit: the stream is of no
  // use any more. Memory is taken for what has arrived, never for what is announced.
  base::Result<std::optional<std::string>> next();

  bool has_message() const;  // whether next() would give one, or fail
  std::size_t pending() const { return buffer_.size() - consumed_; }

 private:
  std::size_t max_size_;
  std::string buffer_;
  std::size_t consumed_ = 0;
};

}  // namespace tandem::ipc
