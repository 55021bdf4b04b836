// SPDX-License-Identifier: Apache-2.0
#include "lib/ipc/frame.h"

#include "lib/base/check.h"

namespace tandem::ipc {
namespace {

constexpr std::size_t kHeaderSize = 4;

std::size_t announced_length(std::string_view header) {
  std::size_t length = 0;
  for (const char byte : header.substr(0, kHeaderSize)) {
    length = length << 8U | static_cast<unsigned char>(byte);
  }
  return length;
}

}  // namespace

std::string frame(std::string_view message) {
  TANDEM_INVARIANT(message.size() <= kMaxFrameSize);
  std::string result;
  result.reserve(kHeaderSize + message.size());
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    result += static_cast<char>(message.size() >> shift & 0xffU);
  }
  return result.append(message);
}

bool FrameParser::has_message() const {
  const std::string_view rest = std::string_view(buffer_).substr(consumed_);
  if (rest.size() < kHeaderSize) {
    return false;
  }
  const std::size_t length = announced_length(rest);
  return length > max_size_ || rest.size() - kHeaderSize >= length;
}

base::Result<std::optional<std::string>> FrameParser::next() {
  const std::string_view rest = std::string_view(buffer_).substr(consumed_);
  if (rest.size() >= kHeaderSize) {
    const std::size_t length = announced_length(rest);
    if (length > max_size_) {
      return base::fail("a message of {} bytes, more than the limit of {}", length, max_size_);
    }
    if (rest.size() - kHeaderSize >= length) {
      std::string message(rest.substr(kHeaderSize, length));
      consumed_ += kHeaderSize + length;
      return message;
    }
  }
  // Only after the last complete message: moving the rest after each of them would take quadratic time.
  buffer_.erase(0, consumed_);
  consumed_ = 0;
  return std::nullopt;
}

}  // namespace tandem::ipc
