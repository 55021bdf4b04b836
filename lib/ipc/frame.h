// SPDX-License-Identifier: Apache-2.0
// Messages in a byte stream: 4 bytes length, big endian, then the message. PURE.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/ipc/limits.h"

namespace tandem::ipc {

// The message after its length. A message longer than kMaxFrameSize is a broken invariant: senders split their output.
std::string frame(std::string_view message);

// Extracts the messages from a stream that arrives in pieces of any size.
class FrameParser {
 public:
  explicit FrameParser(std::size_t max_size = kMaxFrameSize) : max_size_(max_size) {}

  void add(std::string_view bytes) { buffer_.append(bytes); }

  // The next complete message; nullopt: none yet. Fails if the announced length exceeds the limit; the stream is
  // unusable then. Allocates memory for the bytes that have arrived, not for the announced length.
  base::Result<std::optional<std::string>> next();

  bool has_message() const;  // whether next() would return a message, or fail
  std::size_t pending() const { return buffer_.size() - consumed_; }

 private:
  std::size_t max_size_;
  std::string buffer_;
  std::size_t consumed_ = 0;
};

}  // namespace tandem::ipc
