// SPDX-License-Identifier: Apache-2.0
// One connection of the server; private to this folder. It handles one request in a turn of the loop, so that a client
// with many requests does not delay the others. It reads on when the client has read the answer to the last one. It
// never calls its owner while it handles a request or sends a reply: it marks itself as ended, and the server removes
// it in a later turn of the loop.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "lib/event/loop.h"
#include "lib/ipc/frame.h"
#include "lib/ipc/limits.h"
#include "lib/ipc/session.h"
#include "lib/ipc/throttle.h"
#include "lib/os/fd.h"

namespace tandem::ipc {

// Why the server ends a session.
enum class CloseReason { garbage, no_greeting, incomplete_message, not_reading };

// Bytes that the client has not read yet.
class Backlog {
 public:
  std::size_t size() const { return bytes_.size() - sent_; }
  std::string_view unsent() const { return std::string_view(bytes_).substr(sent_); }
  void append(std::string_view bytes) { bytes_.append(bytes); }
  void remove_sent(std::size_t size);  // from the front; frees the memory when nothing is left

 private:
  std::string bytes_;
  std::size_t sent_ = 0;
};

class ServerSession : public Session {
 public:
  struct Dependencies {
    event::Loop& loop;
    ServerHandler& handler;
    const Limits& limits;
    // Shared by the sessions of all viewers (users who may not configure): the earliest time of their next request. The
    // pause after a request is as long as the request took. So all viewers together use at most half of the thread, and
    // a user who may configure waits for at most one of their requests.
    base::TimePoint& viewers_rest_until;
    std::function<void(std::uint64_t session)> on_ended;  // called once; the session stays in use until the turn ends
    std::function<void()> on_backlog;                     // called when the backlog has grown
    std::function<void(const Peer& peer, CloseReason reason, const std::string& text)> log_closing;
  };

  ServerSession(Dependencies dependencies, std::uint64_t id, Peer peer, os::FileDescriptor socket);

  std::uint64_t id() const override { return id_; }
  const Peer& peer() const override { return peer_; }
  void send(const Reply& reply) override;

  std::size_t backlog() const { return backlog_.size(); }
  void close(CloseReason reason, const std::string& text);

 private:
  void read();
  void go_on();
  std::optional<base::TimePoint> not_before(base::TimePoint now);
  void handle(const std::string& message);
  void wait_for_bytes();
  void handle_timeout();
  void send_log_line(const Reply& reply);
  void send_message(const std::string& message);
  void flush();
  void end();

  Dependencies dependencies_;
  std::uint64_t id_;
  Peer peer_;
  os::FileDescriptor socket_;
  FrameParser parser_;
  Throttle throttle_;
  Backlog backlog_;
  std::size_t log_lines_left_out_ = 0;
  bool greeted_ = false;
  std::optional<base::TimePoint> incomplete_since_;
  bool ended_ = false;
  event::Timer next_request_;            // in a later turn, or when the throttle admits it
  event::Timer timeout_;                 // of the greeting, then of an incomplete message
  std::optional<event::Watch> reading_;  // after the socket: destroyed before it
  std::optional<event::Watch> writing_;
};

}  // namespace tandem::ipc
