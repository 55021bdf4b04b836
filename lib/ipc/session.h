// SPDX-License-Identifier: Apache-2.0
// One connection of the management socket, for the daemon.
#pragma once

#include <cstdint>
#include <string>

#include "lib/ipc/messages.h"

namespace tandem::ipc {

// The user of a connection, by SO_PEERCRED.
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
  // Also called for Hello; the handler answers it. `session` stays valid until on_closed().
  virtual void on_request(Session& session, const Request& request) = 0;
  virtual void on_closed(Session& session) = 0;
};

}  // namespace tandem::ipc
