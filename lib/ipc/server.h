// SPDX-License-Identifier: Apache-2.0
// The daemon's end of the management socket. Frames: 4 bytes length (big endian), then the message. Never blocks. What
// is no message, or exceeds a limit of limits.h, closes the session and nothing else, and the log says why.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "lib/base/result.h"
#include "lib/event/loop.h"
#include "lib/ipc/limits.h"
#include "lib/ipc/messages.h"
#include "lib/log/log.h"

namespace tandem::ipc {

// Who connected, by SO_PEERCRED.
struct Peer {
  std::uint32_t pid = 0;
  std::uint32_t uid = 0;
  std::string user;            // name, or the number
  bool may_configure = false;  // root, the daemon's own user, members of the admin group
};

class Session {
 public:
  virtual ~Session() = default;
  virtual std::uint64_t id() const = 0;
  virtual const Peer& peer() const = 0;
  virtual void send(const Reply& reply) = 0;
};

class ServerHandler {
 public:
  virtual ~ServerHandler() = default;
  // Hello included; its answer is the handler's. `session` stays valid until on_closed().
  virtual void on_request(Session& session, const Request& request) = 0;
  virtual void on_closed(Session& session) = 0;
};

struct ServerOptions {
  std::string path;         // of the socket; its directory is created (0755) if it is missing
  std::string admin_group;  // "tandem"; ignored if there is no such group
  Limits limits = {};
  int socket = -1;  // one that listens at the path already; taken over, and the path is its owner's to remove
};

class Server {
 public:
  // Fails if another daemon answers on the socket (and names it), or if the path cannot be used. A stale socket is
  // replaced. Mode 0770.
  static base::Result<std::unique_ptr<Server>> open(event::Loop& loop, log::Logger& logger,
                                                    const ServerOptions& options, ServerHandler& handler);
  virtual ~Server() = default;  // closes the sessions, removes the socket
  virtual std::size_t session_count() const = 0;
};

}  // namespace tandem::ipc
