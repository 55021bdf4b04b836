// SPDX-License-Identifier: Apache-2.0
// One run of one scenario: rounds of turbulence, each followed by a quiet phase that is long enough for each group to
// settle and to stay settled.
#pragma once

#include "tests/sim/judge.h"
#include "tests/sim/timeline.h"

namespace tandem::sim {

struct Outcome {
  std::optional<Violation> violation;
  Duration simulated{};
  std::uint64_t events = 0;
  std::uint64_t digest = 0;  // equal exactly for equal runs
};

// `timeline` may be null.
Outcome simulate(const Scenario& scenario, Timeline* timeline = nullptr);

// Runs without faults for the given time.
Outcome simulate_peace(const Scenario& scenario, Duration length);

// Returns the report of a violation: the rule, the last events of the group, and how to reproduce it.
std::string report(const Scenario& scenario, const Violation& violation);

}  // namespace tandem::sim
