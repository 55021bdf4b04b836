// SPDX-License-Identifier: Apache-2.0
// The Unix stream sockets of daemon and shell.
#pragma once

#include <string>

#include "lib/base/result.h"
#include "lib/os/fd.h"

namespace tandem::ipc {

// Fails with "PATH: reason".
base::Result<os::FileDescriptor> connect_socket(const std::string& path);

// Removes a socket that no process answers on. Fails if one does, or if it is no socket.
base::Result<> remove_stale_socket(const std::string& path);

// Listens, non-blocking, mode 0770, owned by `group` if that exists. A socket that no process answers on is replaced;
// one that a process answers on is an error.
base::Result<os::FileDescriptor> listen_on_socket(const std::string& path, const std::string& group);

}  // namespace tandem::ipc
