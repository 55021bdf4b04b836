// SPDX-License-Identifier: Apache-2.0
// Invariant: what a router says is one consistent story.
//
//   - Addresses are claimed exactly while Master; the advert comes first, then the claim, then the announcement
//     (RFC 9568 §6.4.2), and nothing is announced that is not claimed.
//   - A Master sends; Backup and Initialize are silent. Priority 0 is sent on leaving Master for Initialize, if there
//   is
//     a link, and at no other time.
//   - An advert says what the configuration says: version, VRID, priority (255 of an owner), interval, addresses,
//   source
//     and, where it is pinned, the form of the checksum.
//   - A router is in Initialize exactly while something stands in its way. Only an owner goes from there to Master.
//   - A Master becomes Backup only because of an advert that wins, and then at once: so two Masters last no longer than
//     it takes one advert of the better one to arrive (election.h).
#pragma once

#include "tests/sim/step.h"

namespace tandem::sim {

// Follows `step` and brings `router.state` and `router.claimed` (facts of the same router) up to date.
Verdict check_conduct(const Step& step, RouterFacts& router);

}  // namespace tandem::sim
