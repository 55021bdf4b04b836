// SPDX-License-Identifier: Apache-2.0
#include "lib/base/wire.h"

#include <algorithm>
#include <array>

namespace tandem::base {

Bytes Reader::bytes(std::size_t count) {
  if (count > rest_.size()) {
    ok_ = false;
    rest_ = {};
    return {};
  }
  const Bytes taken = rest_.first(count);
  rest_ = rest_.subspan(count);
  return taken;
}

std::uint8_t Reader::u8() {
  const Bytes b = bytes(1);
  return b.empty() ? std::uint8_t{0} : b[0];
}

std::uint16_t Reader::u16() {
  const Bytes b = bytes(2);
  return b.empty() ? std::uint16_t{0} : static_cast<std::uint16_t>((b[0] << 8) | b[1]);
}

std::uint32_t Reader::u32() {
  const std::uint32_t high = u16();
  return (high << 16) | u16();
}

void Writer::bytes(Bytes data) {
  if (data.size() > buffer_.size() - size_) {
    ok_ = false;
    return;
  }
  std::copy(data.begin(), data.end(), buffer_.begin() + static_cast<std::ptrdiff_t>(size_));
  size_ += data.size();
}

void Writer::u8(std::uint8_t value) { bytes(Bytes(&value, 1)); }

void Writer::u16(std::uint16_t value) {
  const std::array<std::uint8_t, 2> b{static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
  bytes(b);
}

void Writer::u32(std::uint32_t value) {
  u16(static_cast<std::uint16_t>(value >> 16));
  u16(static_cast<std::uint16_t>(value));
}

void Writer::zeros(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    u8(0);
  }
}

void InternetChecksum::add(Bytes data) {
  std::size_t i = 0;
  // Two words at a time: the upper one counts 2^16 times as much, which is 1 in one's complement arithmetic.
  for (; i + 3 < data.size(); i += 4) {
    sum_ += (std::uint64_t{data[i]} << 24U) | (std::uint64_t{data[i + 1]} << 16U) | (std::uint64_t{data[i + 2]} << 8U) |
            data[i + 3];
  }
  for (; i + 1 < data.size(); i += 2) {
    sum_ += static_cast<std::uint64_t>((data[i] << 8) | data[i + 1]);
  }
  if (i < data.size()) {
    sum_ += static_cast<std::uint64_t>(data[i] << 8);
  }
}

std::uint16_t InternetChecksum::value() const {
  std::uint64_t sum = sum_;
  while (sum >> 16 != 0) {
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return static_cast<std::uint16_t>(~sum);
}

}  // namespace tandem::base
