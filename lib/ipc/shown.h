// SPDX-License-Identifier: Apache-2.0
// The way out to somebody's terminal: what others have said (interfaces, files, clients, peers) must not speak to it.
// PURE; for this folder only.
#pragma once

#include "lib/ipc/messages.h"

namespace tandem::ipc {

// The reply with its texts made printable (lib/log/printable.h).
Reply shown(Reply reply);

}  // namespace tandem::ipc
