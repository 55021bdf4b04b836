// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/supervisor/cell.h"

namespace tandem::vrrpd::supervisor {

// Eight bytes at a time, as FNV-1a does with one: a megabyte takes less than half a millisecond.
std::uint64_t checksum(std::span<const std::byte> bytes) {
  constexpr std::uint64_t kPrime = 0x9e3779b97f4a7c15;
  std::uint64_t sum = 0xcbf29ce484222325 ^ bytes.size();
  for (; bytes.size() >= sizeof(std::uint64_t); bytes = bytes.subspan(sizeof(std::uint64_t))) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    sum = (sum ^ word) * kPrime;
    sum ^= sum >> 29U;
  }
  for (const std::byte byte : bytes) {
    sum = (sum ^ static_cast<std::uint64_t>(byte)) * kPrime;
  }
  return sum == 0 ? 1 : sum;  // memory that nobody has written has 0
}

}  // namespace tandem::vrrpd::supervisor
