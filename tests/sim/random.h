// SPDX-License-Identifier: Apache-2.0
// The one source of chance in the simulator: xoshiro256++ (Blackman, Vigna), seeded through splitmix64. Written here
// because the distributions of <random> differ between standard libraries, and a seed has to mean the same everywhere.
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
  // An independent stream: what one part of a simulation draws does not change what another part gets.
  Random fork() { return Random(next()); }

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace tandem::sim
