// SPDX-License-Identifier: Apache-2.0
// The only source of randomness in the simulator: xoshiro256++ (Blackman, Vigna), seeded through splitmix64. The
// distributions of <random> differ between standard libraries, and a seed must mean the same everywhere, so the
// simulator has its own.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "lib/base/time.h"

namespace tandem::sim {

using Ppm = std::uint32_t;  // parts per million
inline constexpr Ppm kAlways = 1'000'000;
constexpr Ppm percent(unsigned number) { return number * 10'000; }

class Random {
 public:
  explicit Random(std::uint64_t seed);

  std::uint64_t next();
  std::uint64_t below(std::uint64_t bound);                     // 0 … bound-1; bound > 0
  std::int64_t between(std::int64_t first, std::int64_t last);  // both included
  base::Duration between(base::Duration first, base::Duration last);
  bool chance(Ppm probability);  // draws nothing if it is 0
  template <class T>
  T pick(std::initializer_list<T> choices) {
    return choices.begin()[below(choices.size())];
  }
  template <class T>
  const T& pick(std::span<const T> choices) {
    return choices[below(choices.size())];
  }
  // Returns an independent stream: draws of one part of a simulation do not change the draws of another part.
  Random fork() { return Random(next()); }

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace tandem::sim
