// SPDX-License-Identifier: Apache-2.0
// One connection of the server; for this folder only. It handles one request a turn of the loop, so that a client that
// sends many does not keep the others waiting, and reads on when the answer to the last one has been taken. Never calls
// its owner back while a request is being handled or a reply sent: it marks itself as ended, and the server removes it
// in a later turn of the loop.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "lib/event/loop.h"
#include "lib/ipc/frame.h"
#include "lib/ipc/limits.h"
#include "lib/ipc/server.h"
#include "lib/ipc/throttle.h"
#include "lib/os/fd.h"

namespace tandem::ipc {

// Why the server ends a session.
enum class CloseReason { garbage, no_greeting, half_a_message, not_reading };

class ServerSession : public Session {
 public:
  struct Surroundings {
    event::Loop& loop;
    ServerHandler& handler;
    const Limits& limits;
    // Of all sessions of users who may only look: a request of theirs is not looked at before. It is as long as their
    // last one took, so that all of them together have half of the thread, and who may configure waits for one at most.
    base::TimePoint& viewers_rest_until;
    std::function<void(std::uint64_t session)> on_ended;  // called once; the session is in use until the turn ends
    std::function<void()> on_backlog;                     // it has grown
    std::function<void(const Peer& peer, CloseReason reason, const std::string& words)> log_closing;
  };

  ServerSession(Surroundings surroundings, std::uint64_t id, Peer peer, os::FileDescriptor socket);

  std::uint64_t id() const override { return id_; }
  const Peer& peer() const override { return peer_; }
  void send(const Reply& reply) override;

  std::size_t backlog() const { return backlog_.size() - sent_; }
  void close(CloseReason reason, const std::string& words);

 private:
  void read();
  void go_on();
  std::optional<base::TimePoint> not_before(base::TimePoint now);
  void handle(const std::string& message);
  void wait_for_bytes();
  void run_out_of_patience();
  void send_log_line(const Reply& reply);
  void send_message(const std::string& message);
  void flush();
  void end();

  Surroundings surroundings_;
  std::uint64_t id_;
  Peer peer_;
  os::FileDescriptor socket_;
  FrameParser parser_;
  Throttle throttle_;
  std::string backlog_;
  std::size_t sent_ = 0;  // of the backlog
  std::size_t log_lines_left_out_ = 0;
  bool greeted_ = false;
  std::optional<base::TimePoint> half_a_message_since_;
  bool ended_ = false;
  event::Timer next_request_;  // a later turn, or when the throttle lets it
  event::Timer patience_;
  std::optional<event::Watch> reading_;  // after the socket: they go first
  std::optional<event::Watch> writing_;
};

}  // namespace tandem::ipc
