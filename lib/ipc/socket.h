// SPDX-License-Identifier: Apache-2.0
// The Unix stream sockets of daemon and shell.
#pragma once

#include <string>

#include "lib/base/result.h"
#include "lib/os/fd.h"

namespace tandem::ipc {

// Fails with "PATH: reason".
base::Result<os::FileDescriptor> connect_socket(const std::string& path);

// Removes a stale socket. Fails if a process answers on it, or if the path is not a socket.
base::Result<> remove_stale_socket(const std::string& path);

// Listens, non-blocking, mode 0770, group `group` if that exists. Replaces a stale socket; fails if a process answers on
// it.
base::Result<os::FileDescriptor> listen_on_socket(const std::string& path, const std::string& group);

}  // namespace tandem::ipc
