// SPDX-License-Identifier: Apache-2.0
// Invariant: the actions of a router are consistent.
//
//   - A router holds the virtual addresses exactly while it is Master. The advert comes first, then the claim, then the
//     announcement (RFC 9568 §6.4.2). A router announces only addresses that it has claimed.
//   - A Master sends; Backup and Initialize are silent. A router sends priority 0 when it changes from Master to
//     Initialize with its link up, and at no other time.
//   - An advert contains the configured values: version, VRID, priority (255 of an owner), interval, addresses, source
//     and, if configured, the form of the checksum.
//   - A router is in Initialize exactly while a condition for running is missing. Only an owner changes from there to
//     Master.
//   - A Master becomes Backup only because of an advert that wins, and then at once: so two routers are Master only
//     until one advert of the better router arrives (election.h).
#pragma once

#include "tests/sim/step.h"

namespace tandem::sim {

// Checks `step`, and updates `router.state` and `router.claimed` (facts of the same router).
Verdict check_conduct(const Step& step, RouterFacts& router);

}  // namespace tandem::sim
