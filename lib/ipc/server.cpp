// SPDX-License-Identifier: Apache-2.0
#include "lib/ipc/server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <optional>
#include <system_error>

#include "lib/ipc/codec.h"
#include "lib/ipc/error_text.h"
#include "lib/ipc/frame.h"
#include "lib/ipc/log_messages.h"
#include "lib/ipc/peer.h"
#include "lib/ipc/server_session.h"
#include "lib/ipc/slots.h"
#include "lib/ipc/socket.h"
#include "lib/log/rate_limit.h"
#include "lib/os/paths.h"

namespace tandem::ipc {
namespace {

constexpr mode_t kDirectoryMode = 0755;

// Each kind of problem with a user's sessions is logged once in this time: a client in a loop must not fill the disk.
constexpr base::Duration kLogInterval = std::chrono::seconds(10);
constexpr std::size_t kMaxTroubles = 256;

std::string more_like_this(std::uint64_t suppressed) {
  return suppressed == 0 ? std::string() : fmt::format(" ({} more like this)", suppressed);
}

class SocketServer : public Server {
 public:
  SocketServer(event::Loop& loop, log::Logger& logger, ServerOptions options, ServerHandler& handler,
               os::FileDescriptor socket)
      : loop_(loop),
        logger_(logger),
        options_(std::move(options)),
        handler_(handler),
        socket_(std::move(socket)),
        peers_(options_.admin_group, options_.limits),
        rest_(loop, [this] { start_accepting(); }) {
    start_accepting();
  }
  ~SocketServer() override {
    accepting_.reset();
    if (options_.socket < 0) {
      ::unlink(options_.path.c_str());
    }
    for (auto& [id, session] : sessions_) {
      handler_.on_closed(*session);
    }
  }
  std::size_t session_count() const override { return sessions_.size(); }
  SocketServer(const SocketServer&) = delete;
  SocketServer& operator=(const SocketServer&) = delete;

 private:
  void accept();
  void start_accepting();
  void rest_from_accepting();
  std::optional<std::string> full_for(const Peer& peer) const;
  void refuse(int socket, const Peer& peer, const std::string& why);
  void limit_backlog();
  void log_closing(const Peer& peer, CloseReason reason, const std::string& text);
  void remove_later(std::uint64_t id);

  event::Loop& loop_;
  log::Logger& logger_;
  ServerOptions options_;
  ServerHandler& handler_;
  os::FileDescriptor socket_;
  PeerDirectory peers_;
  base::TimePoint viewers_rest_until_{};
  std::optional<event::Watch> accepting_;
  event::Timer rest_;  // from accepting
  log::RateLimit troubles_{kLogInterval, kMaxTroubles};
  std::uint64_t next_id_ = 1;
  std::map<std::uint64_t, std::unique_ptr<ServerSession>> sessions_;
  // for calls posted to the loop that run after the end of the server
  std::shared_ptr<SocketServer*> self_ = std::make_shared<SocketServer*>(this);
};

void SocketServer::start_accepting() {
  accepting_.emplace(loop_, socket_.get(), event::Watch::For::reading, [this] { accept(); });
}

void SocketServer::accept() {
  os::FileDescriptor socket(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket.is_open()) {
    if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
      logger_.write<kAcceptFailed>(std::generic_category().message(errno));
      rest_from_accepting();
    }
    return;
  }
  const base::TimePoint now = event::monotonic_now();
  auto peer = peers_.identify(socket.get(), now);
  if (!peer) {
    return;
  }
  const auto why = peers_.admit(*peer, now) ? full_for(*peer)
                                            : fmt::format("more than {} connections of {} in a second",
                                                          options_.limits.connections_per_second, peer->user);
  if (why) {
    refuse(socket.get(), *peer, *why);
    return;
  }
  const std::uint64_t id = next_id_++;
  const ServerSession::Dependencies dependencies{
      loop_,
      handler_,
      options_.limits,
      viewers_rest_until_,
      [this](std::uint64_t session) { remove_later(session); },
      [this] { limit_backlog(); },
      [this](const Peer& who, CloseReason reason, const std::string& text) { log_closing(who, reason, text); }};
  sessions_.emplace(id, std::make_unique<ServerSession>(dependencies, id, std::move(*peer), std::move(socket)));
}

// The connection that could not be accepted still waits: the socket would be readable in every turn.
void SocketServer::rest_from_accepting() {
  accepting_.reset();
  rest_.set(event::monotonic_now() + options_.limits.accept_pause);
}

std::optional<std::string> SocketServer::full_for(const Peer& peer) const {
  std::vector<const Peer*> open;
  open.reserve(sessions_.size());
  for (const auto& [id, session] : sessions_) {
    open.push_back(&session->peer());
  }
  return no_slot_for(peer, open, options_.limits);
}

// Does not block: the buffer of the new socket has room for this one message.
void SocketServer::refuse(int socket, const Peer& peer, const std::string& why) {
  if (const auto suppressed = troubles_.pass(peer.user, event::monotonic_now())) {
    logger_.write<kTooManySessions>(peer.user, peer.pid, why, more_like_this(*suppressed));
  }
  Done done;
  done.ok = false;
  done.error = encode_error(fmt::format("Too many sessions: {}; close some and try again", why));
  const std::string message = frame(encode(Reply{0, done}));
  const ssize_t sent = ::send(socket, message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  static_cast<void>(sent);
}

// Closes the session with the most unread output.
void SocketServer::limit_backlog() {
  std::size_t total = 0;
  ServerSession* largest = nullptr;
  for (const auto& [id, session] : sessions_) {
    total += session->backlog();
    largest = largest == nullptr || session->backlog() > largest->backlog() ? session.get() : largest;
  }
  if (total > options_.limits.total_backlog) {
    largest->close(CloseReason::not_reading, "it does not read what it asked for, and there is too much of it");
  }
}

void SocketServer::log_closing(const Peer& peer, CloseReason reason, const std::string& text) {
  const std::string key = fmt::format("{} {}", peer.user, static_cast<int>(reason));
  if (const auto suppressed = troubles_.pass(key, event::monotonic_now())) {
    logger_.write<kClosed>(peer.user, peer.pid, text, more_like_this(*suppressed));
  }
}

void SocketServer::remove_later(std::uint64_t id) {
  loop_.post([weak = std::weak_ptr<SocketServer*>(self_), id] {
    const auto alive = weak.lock();
    if (!alive) {
      return;
    }
    SocketServer& server = **alive;
    if (const auto node = server.sessions_.extract(id)) {
      server.handler_.on_closed(*node.mapped());
    }
  });
}

}  // namespace

base::Result<std::unique_ptr<Server>> Server::open(event::Loop& loop, log::Logger& logger, const ServerOptions& options,
                                                   ServerHandler& handler) {
  if (options.socket >= 0) {
    return std::make_unique<SocketServer>(loop, logger, options, handler, os::FileDescriptor(options.socket));
  }
  const std::string directory = std::filesystem::path(options.path).parent_path();
  if (!directory.empty()) {
    TANDEM_TRY(os::make_directories(directory, kDirectoryMode));
  }
  auto socket = TANDEM_TRY(listen_on_socket(options.path, options.admin_group));
  return std::make_unique<SocketServer>(loop, logger, options, handler, std::move(socket));
}

}  // namespace tandem::ipc
