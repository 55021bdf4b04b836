// SPDX-License-Identifier: Apache-2.0
// Escapes control characters in replies, whose texts may come from interfaces, files, clients and peers. PURE; private
// to this folder.
#pragma once

#include "lib/ipc/messages.h"

namespace tandem::ipc {

// The reply with its texts made printable (lib/log/printable.h).
Reply shown(Reply reply);

}  // namespace tandem::ipc
