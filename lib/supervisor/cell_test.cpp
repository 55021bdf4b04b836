// SPDX-License-Identifier: Apache-2.0
#include "lib/supervisor/cell.h"

#include <gmock/gmock.h>

#include <memory>

namespace tandem::supervisor {
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

// Memory of 64 bytes twice.
class BlobTest : public testing::Test {
 protected:
  void publish(std::string_view text) {
    std::memcpy(blob_.next().data(), text.data(), text.size());
    blob_.publish(text.size());
  }
  static std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  alignas(Blob::Head) std::array<std::byte, Blob::memory_for(64)> memory_{};
  const Blob blob_{memory_};
};

TEST_F(BlobTest, ReadsWhatWasPublishedLast) {
  EXPECT_TRUE(blob_.read().empty() && blob_.read_either().empty());
  EXPECT_EQ(blob_.next().size(), 64U);
  for (const std::string_view text : {"one", "three", ""}) {
    publish(text);
    EXPECT_EQ(text_of(blob_.read()), text);
  }
}

TEST_F(BlobTest, WhatIsBeingWrittenDoesNotCount) {
  publish("whole");
  std::memcpy(blob_.next().data(), "torn", 4);
  EXPECT_EQ(text_of(blob_.read()), "whole");
}

TEST_F(BlobTest, DamagedTextIsNoneOrTheOneBefore) {
  publish("before");
  std::byte& first = blob_.next().front();
  publish("now");
  first ^= std::byte{1};
  EXPECT_TRUE(blob_.read().empty());
  EXPECT_EQ(text_of(blob_.read_either()), "before");
}

TEST_F(BlobTest, ClearedHasNeither) {
  publish("before");
  publish("now");
  blob_.clear();
  EXPECT_TRUE(blob_.read_either().empty());
}

}  // namespace
}  // namespace tandem::supervisor
