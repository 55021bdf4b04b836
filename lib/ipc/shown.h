// SPDX-License-Identifier: Apache-2.0
// Escapes control characters in replies: their texts may come from interfaces, files, clients and peers. PURE; for this
// folder only.
#pragma once

#include "lib/ipc/messages.h"

namespace tandem::ipc {

// The reply with its texts made printable (lib/log/printable.h).
Reply shown(Reply reply);

}  // namespace tandem::ipc
