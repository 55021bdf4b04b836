// SPDX-License-Identifier: Apache-2.0
// One connection of the server; for this folder only. Never calls its owner back while a request is being handled or a
// reply sent: it marks itself as ended, and the server removes it in a later turn of the loop.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "lib/event/loop.h"
#include "lib/ipc/frame.h"
#include "lib/ipc/server.h"
#include "lib/os/fd.h"

namespace tandem::ipc {

class ServerSession : public Session {
 public:
  struct Surroundings {
    event::Loop& loop;
    log::Logger& logger;
    ServerHandler& handler;
    std::function<void(std::uint64_t session)> on_ended;  // called in a later turn, once
  };

  ServerSession(const Surroundings& surroundings, std::uint64_t id, Peer peer, os::FileDescriptor socket);

  std::uint64_t id() const override { return id_; }
  const Peer& peer() const override { return peer_; }
  void send(const Reply& reply) override;

 private:
  void read();
  void handle_messages();
  void send_message(const std::string& message);
  void flush();
  void end();

  Surroundings surroundings_;
  std::uint64_t id_;
  Peer peer_;
  os::FileDescriptor socket_;
  FrameParser parser_;
  std::string backlog_;
  std::size_t sent_ = 0;  // of the backlog
  bool ended_ = false;
  std::optional<event::Watch> reading_;  // after the socket: they go first
  std::optional<event::Watch> writing_;
};

}  // namespace tandem::ipc
