// SPDX-License-Identifier: Apache-2.0
// The way to a user's terminal: text from outside (interfaces, files, clients, peers) must not carry control codes.
// PURE; for this folder only.
#pragma once

#include "lib/ipc/messages.h"

namespace tandem::ipc {

// The reply with its texts made printable (lib/log/printable.h).
Reply shown(Reply reply);

}  // namespace tandem::ipc
