// SPDX-License-Identifier: Apache-2.0
#include "lib/ipc/server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <map>
#include <optional>
#include <system_error>

#include "lib/base/limits.h"
#include "lib/ipc/codec.h"
#include "lib/ipc/frame.h"
#include "lib/ipc/log_messages.h"
#include "lib/ipc/peer.h"
#include "lib/ipc/server_session.h"
#include "lib/ipc/socket.h"
#include "lib/os/paths.h"

namespace tandem::ipc {
namespace {

constexpr mode_t kDirectoryMode = 0755;

class SocketServer : public Server {
 public:
  SocketServer(event::Loop& loop, log::Logger& logger, ServerOptions options, ServerHandler& handler,
               os::FileDescriptor socket)
      : loop_(loop), logger_(logger), options_(std::move(options)), handler_(handler), socket_(std::move(socket)) {
    accepting_.emplace(loop_, socket_.get(), event::Watch::For::reading, [this] { accept(); });
  }
  ~SocketServer() override {
    accepting_.reset();
    ::unlink(options_.path.c_str());
    for (auto& [id, session] : sessions_) {
      handler_.on_closed(*session);
    }
  }
  SocketServer(const SocketServer&) = delete;
  SocketServer& operator=(const SocketServer&) = delete;

 private:
  void accept();
  void refuse(int socket, const Peer& peer);
  void remove_later(std::uint64_t id);

  event::Loop& loop_;
  log::Logger& logger_;
  ServerOptions options_;
  ServerHandler& handler_;
  os::FileDescriptor socket_;
  std::optional<event::Watch> accepting_;
  std::uint64_t next_id_ = 1;
  std::map<std::uint64_t, std::unique_ptr<ServerSession>> sessions_;
  std::shared_ptr<SocketServer*> self_ = std::make_shared<SocketServer*>(this);  // for turns posted before the end
};

void SocketServer::accept() {
  os::FileDescriptor socket(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket.is_open()) {
    if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
      logger_.write<kAcceptFailed>(std::generic_category().message(errno));
    }
    return;
  }
  auto peer = identify_peer(socket.get(), options_.admin_group);
  if (!peer) {
    return;
  }
  if (sessions_.size() >= base::kMaxSessions) {
    refuse(socket.get(), *peer);
    return;
  }
  const std::uint64_t id = next_id_++;
  const ServerSession::Surroundings surroundings{loop_, logger_, handler_,
                                                 [this](std::uint64_t session) { remove_later(session); }};
  sessions_.emplace(id, std::make_unique<ServerSession>(surroundings, id, std::move(*peer), std::move(socket)));
}

// The fresh socket's buffer takes this one message without blocking.
void SocketServer::refuse(int socket, const Peer& peer) {
  logger_.write<kTooManySessions>(peer.user, peer.pid, sessions_.size());
  Done done;
  done.ok = false;
  done.error = fmt::format("% Too many sessions ({}); close some and try again", sessions_.size());
  const std::string message = frame(encode(Reply{0, done}));
  const ssize_t sent = ::send(socket, message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  static_cast<void>(sent);
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
  const std::string directory = std::filesystem::path(options.path).parent_path();
  if (!directory.empty()) {
    if (auto made = os::make_directories(directory, kDirectoryMode); !made) {
      return base::Unexpected<base::Error>(made.error());
    }
  }
  auto socket = listen_on_socket(options.path, options.admin_group);
  if (!socket) {
    return base::Unexpected<base::Error>(socket.error());
  }
  return std::make_unique<SocketServer>(loop, logger, options, handler, std::move(*socket));
}

}  // namespace tandem::ipc
