// SPDX-License-Identifier: Apache-2.0
// Values in memory that two processes share, written by one that may die in the middle of it: whoever reads gets a
// whole value or none. A checksum says whether it is whole; it also finds what a stray pointer has overwritten.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

namespace tandem::vrrpd::supervisor {

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

// The same for text of any length up to a limit: two areas, of which one is current.
struct BlobHead {
  std::atomic<std::uint32_t> current;
  std::array<std::uint64_t, 2> sizes;
  std::array<std::uint64_t, 2> checks;
};

template <std::size_t Capacity>
class Blob {
 public:
  // Where the next text goes. Then publish() makes it current.
  std::span<std::byte> next() { return areas_[1U - current()]; }
  // Precondition: size <= Capacity.
  void publish(std::size_t size) {
    const std::uint32_t which = 1U - current();
    head_.sizes[which] = size;
    head_.checks[which] = checksum(std::span(areas_[which]).first(size));
    head_.current.store(which, std::memory_order_release);
  }
  // Empty if there is none. Valid until the next but one publish().
  std::span<const std::byte> read() const {
    const std::uint32_t which = current();
    const std::size_t size = head_.sizes[which];
    if (size == 0 || size > Capacity || head_.checks[which] != checksum(std::span(areas_[which]).first(size))) {
      return {};
    }
    return std::span(areas_[which]).first(size);
  }

 private:
  std::uint32_t current() const { return head_.current.load(std::memory_order_acquire) & 1U; }

  BlobHead head_;
  std::array<std::array<std::byte, Capacity>, 2> areas_;
};

}  // namespace tandem::vrrpd::supervisor
