// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/supervisor/cell.h"

#include <gmock/gmock.h>

#include <memory>

namespace tandem::vrrpd::supervisor {
namespace {

struct Value {
  std::uint64_t number;
  std::array<char, 40> text;
  bool operator==(const Value&) const = default;
};

// As it is in memory that was just mapped.
template <class T>
std::unique_ptr<T> zeroed() {
  auto made = std::make_unique<T>();
  std::memset(static_cast<void*>(made.get()), 0, sizeof(T));
  return made;
}

template <class T>
std::span<std::byte> bytes_of(T& object) {
  return std::as_writable_bytes(std::span(&object, 1));
}

TEST(Cell, IsEmptyUntilWritten) {
  const auto cell = zeroed<Cell<Value>>();
  Value value{};
  EXPECT_FALSE(cell->read(value));
}

TEST(Cell, ReadsWhatWasWrittenLast) {
  const auto cell = zeroed<Cell<Value>>();
  for (const std::uint64_t number : {7U, 8U, 9U}) {
    cell->write({number, {"nine"}});
  }
  Value value{};
  ASSERT_TRUE(cell->read(value));
  EXPECT_EQ(value, (Value{9, {"nine"}}));
}

// Whatever one byte is, and wherever: a value that was written, or none.
TEST(Cell, NeverReadsWhatIsDamaged) {
  for (std::size_t at = 0; at < sizeof(Cell<Value>); ++at) {
    const auto cell = zeroed<Cell<Value>>();
    cell->write({1, {"before"}});
    cell->write({2, {"now"}});
    bytes_of(*cell)[at] ^= std::byte{0x55};
    Value value{};
    ASSERT_TRUE(cell->read(value)) << "the other copy is whole; byte " << at;
    EXPECT_THAT(value.number, testing::AnyOf(1, 2)) << "byte " << at;
  }
}

TEST(Blob, ReadsWhatWasPublishedLast) {
  const auto blob = zeroed<Blob<64>>();
  EXPECT_TRUE(blob->read().empty());
  for (const std::string_view text : {"one", "three", ""}) {
    std::memcpy(blob->next().data(), text.data(), text.size());
    blob->publish(text.size());
    const auto read = blob->read();
    EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(read.data()), read.size()), text);
  }
}

TEST(Blob, WhatIsBeingWrittenDoesNotCount) {
  const auto blob = zeroed<Blob<64>>();
  std::memcpy(blob->next().data(), "whole", 5);
  blob->publish(5);
  std::memcpy(blob->next().data(), "torn", 4);
  const auto read = blob->read();
  EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(read.data()), read.size()), "whole");
}

TEST(Blob, DamagedTextIsNone) {
  const auto blob = zeroed<Blob<64>>();
  std::memcpy(blob->next().data(), "whole", 5);
  std::byte& first = blob->next().front();
  blob->publish(5);
  first ^= std::byte{1};
  EXPECT_TRUE(blob->read().empty());
}

}  // namespace
}  // namespace tandem::vrrpd::supervisor
