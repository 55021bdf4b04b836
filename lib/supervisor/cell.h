// SPDX-License-Identifier: Apache-2.0
// Values in memory that two processes share, written by one that may die in the middle of it: the reader gets a
// whole value or none. A checksum says whether it is whole; it also finds what a stray pointer has overwritten.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

namespace tandem::supervisor {

// Never 0 for memory that is all zeros. Not cryptographic.
std::uint64_t checksum(std::span<const std::byte> bytes);

// Two copies: the one that is not current is written, then made current. The copy before is read if the current one is
// damaged. Memory that is all zeros is a cell without a value.
template <class T>
class Cell {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  void write(const T& value) {
    const std::uint32_t next = 1U - (current_.load(std::memory_order_relaxed) & 1U);
    Copy& copy = copies_[next];
    std::memcpy(&copy.value, &value, sizeof value);
    copy.check = checksum(bytes_of(copy));
    current_.store(next, std::memory_order_release);
  }

  bool read(T& value) const {
    const std::uint32_t current = current_.load(std::memory_order_acquire) & 1U;
    for (const std::uint32_t which : {current, 1U - current}) {
      const Copy& copy = copies_[which];
      if (copy.check == checksum(bytes_of(copy))) {
        std::memcpy(&value, &copy.value, sizeof value);
        return true;
      }
    }
    return false;
  }

 private:
  struct Copy {
    alignas(T) std::array<std::byte, sizeof(T)> value;
    std::uint64_t check;
  };
  static std::span<const std::byte> bytes_of(const Copy& copy) { return copy.value; }

  std::atomic<std::uint32_t> current_;
  std::array<Copy, 2> copies_;
};

// The same for bytes of any number up to a limit, as a view of memory that has a head and two areas of one size, of
// which one is current. Another program may have written them: the size of the areas follows from the memory's.
class Blob {
 public:
  struct Head {
    std::atomic<std::uint32_t> current;
    std::array<std::uint64_t, 2> sizes;
    std::array<std::uint64_t, 2> checks;
  };
  static constexpr std::size_t memory_for(std::size_t capacity) { return sizeof(Head) + 2 * capacity; }

  // Precondition: the memory is aligned as Head is, and not smaller.
  explicit Blob(std::span<std::byte> memory);

  // Where the next value goes. Then publish() makes it current.
  std::span<std::byte> next() const { return area(1U - current()); }
  // Precondition: size <= next().size().
  void publish(std::size_t size) const;
  void clear() const;  // of both
  // Empty if there is none, or if it is damaged. Valid until the next but one publish().
  std::span<const std::byte> read() const { return whole(current()); }
  // The one before, if the current one is damaged.
  std::span<const std::byte> read_either() const;

 private:
  std::uint32_t current() const { return head_.current.load(std::memory_order_acquire) & 1U; }
  std::span<std::byte> area(std::uint32_t which) const;
  std::span<const std::byte> whole(std::uint32_t which) const;

  Head& head_;
  std::span<std::byte> areas_;
};

}  // namespace tandem::supervisor
