// SPDX-License-Identifier: Apache-2.0
// Whether a user may open one more session: neither all viewers together nor a single user can take the last slots.
// PURE; for this folder only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/ipc/limits.h"
#include "lib/ipc/session.h"

namespace tandem::ipc {

// Why not; nullopt: it may. `open`: the peers of all sessions.
std::optional<std::string> no_slot_for(const Peer& peer, const std::vector<const Peer*>& open, const Limits& limits);

}  // namespace tandem::ipc
