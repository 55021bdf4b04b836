// SPDX-License-Identifier: Apache-2.0
// The daemon's end of the management socket. Frames: 4 bytes length (big endian), then the message. Never blocks. Bytes
// that are not a message, or exceed a limit of limits.h, close only their session, and the log has the reason.
#pragma once

#include <memory>
#include <string>

#include "lib/base/result.h"
#include "lib/event/loop.h"
#include "lib/ipc/limits.h"
#include "lib/ipc/session.h"
#include "lib/log/log.h"

namespace tandem::ipc {

struct ServerOptions {
  std::string path;         // of the socket; its directory is created (0755) if it is missing
  std::string admin_group;  // "tandem"; ignored if there is no such group
  Limits limits = {};
  int socket = -1;  // already listens at the path: the server uses it and does not remove the path
};

class Server {
 public:
  // Fails if the path cannot be used, or if another daemon answers on the socket; the error names that daemon. Replaces
  // a stale socket. Mode 0770.
  static base::Result<std::unique_ptr<Server>> open(event::Loop& loop, log::Logger& logger,
                                                    const ServerOptions& options, ServerHandler& handler);
  virtual ~Server() = default;  // closes the sessions, removes the socket
  virtual std::size_t session_count() const = 0;
};

}  // namespace tandem::ipc
