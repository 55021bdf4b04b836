// SPDX-License-Identifier: Apache-2.0
// Reading and writing of network byte order within a fixed buffer. Neither class ever reaches beyond its buffer:
// Reader yields zeros and Writer drops what does not fit, and both remember it (`ok()`), so that a codec can be written
// straight down and checked once.
#pragma once

#include <cstddef>
#include <cstdint>

#include "lib/base/bytes.h"

namespace tandem::base {

class Reader {
 public:
  explicit Reader(Bytes data) : rest_(data) {}

  std::uint8_t u8();
  std::uint16_t u16();
  std::uint32_t u32();
  Bytes bytes(std::size_t count);  // empty if fewer are left

  Bytes rest() const { return rest_; }
  bool ok() const { return ok_; }

 private:
  Bytes rest_;
  bool ok_ = true;
};

class Writer {
 public:
  explicit Writer(MutableBytes buffer) : buffer_(buffer) {}

  void u8(std::uint8_t value);
  void u16(std::uint16_t value);
  void u32(std::uint32_t value);
  void bytes(Bytes data);
  void zeros(std::size_t count);

  std::size_t size() const { return size_; }
  Bytes written() const { return Bytes(buffer_).first(size_); }
  bool ok() const { return ok_; }

 private:
  MutableBytes buffer_;
  std::size_t size_ = 0;
  bool ok_ = true;
};

// The Internet checksum (RFC 1071) as a running one's complement sum: feed any number of even-sized pieces (only the
// last may have an odd size), then take `value()`, which goes into the header as it is. Over a message that contains
// its own correct checksum the value is 0.
class InternetChecksum {
 public:
  void add(Bytes data);
  void add_u16(std::uint16_t value) { sum_ += value; }
  std::uint16_t value() const;

 private:
  std::uint64_t sum_ = 0;
};

}  // namespace tandem::base
