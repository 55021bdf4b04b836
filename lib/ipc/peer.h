// SPDX-License-Identifier: Apache-2.0
// Who is at the other end of a Unix socket.
#pragma once

#include <optional>
#include <string>

#include "lib/ipc/server.h"

namespace tandem::ipc {

// By SO_PEERCRED and the user database; may_configure as Peer says. Nothing if the kernel does not tell.
std::optional<Peer> identify_peer(int socket, const std::string& admin_group);

}  // namespace tandem::ipc
