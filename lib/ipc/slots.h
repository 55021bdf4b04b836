// SPDX-License-Identifier: Apache-2.0
// Decides whether a user may open one more session: neither all viewers together nor a single user can take the last
// slots. PURE; private to this folder.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/ipc/limits.h"
#include "lib/ipc/session.h"

namespace tandem::ipc {

// The reason of the refusal; nullopt: the user may. `open`: the peers of all sessions.
std::optional<std::string> no_slot_for(const Peer& peer, const std::vector<const Peer*>& open, const Limits& limits);

}  // namespace tandem::ipc
