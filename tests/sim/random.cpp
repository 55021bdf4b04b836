// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/random.h"

#include <bit>

#include "lib/base/check.h"

namespace tandem::sim {

namespace {

std::uint64_t splitmix64(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15U);
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

}  // namespace

Random::Random(std::uint64_t seed) : state_{splitmix64(seed), splitmix64(seed), splitmix64(seed), splitmix64(seed)} {}

std::uint64_t Random::next() {
  const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
  const std::uint64_t shifted = state_[1] << 17U;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

// The bias of the remainder is below 2^-40 for each bound that the simulator uses.
std::uint64_t Random::below(std::uint64_t bound) {
  TANDEM_INVARIANT(bound > 0);
  return next() % bound;
}

std::int64_t Random::between(std::int64_t first, std::int64_t last) {
  TANDEM_INVARIANT(first <= last);
  return first + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(last - first) + 1));
}

base::Duration Random::between(base::Duration first, base::Duration last) {
  return base::Duration(between(first.count(), last.count()));
}

bool Random::chance(Ppm probability) { return probability > 0 && below(kAlways) < probability; }

}  // namespace tandem::sim
