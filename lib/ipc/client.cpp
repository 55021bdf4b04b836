// SPDX-License-Identifier: Apache-2.0
#include "lib/ipc/client.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
#include <optional>

#include "lib/ipc/codec.h"
#include "lib/ipc/error_text.h"
#include "lib/ipc/frame.h"
#include "lib/ipc/socket.h"
#include "lib/os/fd.h"

namespace tandem::ipc {
namespace {

constexpr time_t kHelloTimeoutSeconds = 10;  // bounds the wait of the shell for a daemon that hangs

enum class Wait { until_data, not_at_all };

class SocketClient : public Client {
 public:
  SocketClient(std::string path, os::FileDescriptor socket) : path_(std::move(path)), socket_(std::move(socket)) {}

  base::Result<> greet();
  const Welcome& welcome() const override { return welcome_; }
  base::Result<Done> call(Request request, const TextHandler& on_output) override;
  base::Result<std::vector<std::string>> complete(const std::string& source) override;
  void set_log_handler(TextHandler on_log) override { on_log_ = std::move(on_log); }
  int descriptor() const override { return socket_.get(); }
  base::Result<> read_pending() override;

 private:
  base::Result<std::uint32_t> send(Request request);
  base::Result<Reply> receive(std::uint32_t id);
  base::Result<std::optional<Reply>> next_reply();
  base::Result<bool> read_some(Wait wait);
  void set_receive_timeout(time_t seconds);
  base::Unexpected<base::Error> fail_here(const base::Error& error) const {
    return base::fail_with_context(path_, error);
  }

  std::string path_;
  os::FileDescriptor socket_;
  FrameParser parser_;
  Welcome welcome_;
  TextHandler on_log_;
  std::uint32_t last_id_ = 0;
};

void SocketClient::set_receive_timeout(time_t seconds) {
  const timeval timeout{seconds, 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
}

base::Result<> SocketClient::greet() {
  set_receive_timeout(kHelloTimeoutSeconds);
  const auto id = send(Request{0, Hello{kProtocolVersion, "vtysh"}});
  // A server without a free session answers before it has read anything, and with id 0. That answer counts more than a
  // send error.
  auto reply = TANDEM_TRY(receive(id ? *id : 0));
  if (const auto* done = std::get_if<Done>(&reply.body)) {
    return base::fail("{}: {}", path_, decode_error(done->error));
  }
  auto* welcome = std::get_if<Welcome>(&reply.body);
  if (welcome == nullptr) {
    return base::fail("{}: does not speak our protocol", path_);
  }
  welcome_ = std::move(*welcome);
  set_receive_timeout(0);
  return {};
}

base::Result<Done> SocketClient::call(Request request, const TextHandler& on_output) {
  const auto id = TANDEM_TRY(send(std::move(request)));
  for (;;) {
    auto reply = TANDEM_TRY(receive(id));
    if (const auto* output = std::get_if<Output>(&reply.body)) {
      on_output(output->text);
    } else if (auto* done = std::get_if<Done>(&reply.body)) {
      return std::move(*done);
    } else {
      return base::fail("{}: unexpected answer", path_);
    }
  }
}

base::Result<std::vector<std::string>> SocketClient::complete(const std::string& source) {
  const auto id = TANDEM_TRY(send(Request{0, Complete{source}}));
  auto reply = TANDEM_TRY(receive(id));
  auto* completions = std::get_if<Completions>(&reply.body);
  return completions != nullptr ? std::move(completions->values) : std::vector<std::string>();
}

base::Result<> SocketClient::read_pending() {
  for (;;) {
    const auto more = read_some(Wait::not_at_all);
    // Messages that arrived before the end of the connection are still returned.
    for (bool another = true; another;) {
      another = TANDEM_TRY(next_reply()).has_value();
    }
    if (!TANDEM_TRY(more)) {
      return {};
    }
  }
}

base::Result<std::uint32_t> SocketClient::send(Request request) {
  request.id = ++last_id_;
  const std::string message = encode(request);
  if (message.size() > kMaxFrameSize) {
    return base::fail("{}: the request is larger than {} bytes", path_, kMaxFrameSize);
  }
  const std::string bytes = frame(message);
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t size = ::send(socket_.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) {
      continue;  // an incomplete request would end the session
    }
    if (size < 0 && (errno == EPIPE || errno == ECONNRESET)) {
      return base::fail("{}: the daemon closed the connection", path_);
    }
    if (size < 0) {
      return base::fail_errno(errno, path_);
    }
    sent += static_cast<std::size_t>(size);
  }
  return request.id;
}

// The next reply to request `id`, or to no request (id 0).
base::Result<Reply> SocketClient::receive(std::uint32_t id) {
  for (;;) {
    auto reply = TANDEM_TRY(next_reply());
    if (reply) {
      if (reply->id == id || reply->id == 0) {
        return std::move(*reply);
      }
      continue;
    }
    static_cast<void>(TANDEM_TRY(read_some(Wait::until_data)));
  }
}

// The next reply that has arrived completely. Passes log lines to the log handler.
base::Result<std::optional<Reply>> SocketClient::next_reply() {
  for (;;) {
    const auto message = parser_.next();
    if (!message) {
      return fail_here(message.error());
    }
    if (!*message) {
      return std::nullopt;
    }
    auto reply = decode_reply(**message);
    if (!reply) {
      return fail_here(reply.error());
    }
    if (const auto* log_line = std::get_if<LogLine>(&reply->body)) {
      if (on_log_) {
        on_log_(log_line->text);
      }
      continue;
    }
    return std::move(*reply);
  }
}

// False: nothing has arrived (only with Wait::not_at_all).
base::Result<bool> SocketClient::read_some(Wait wait) {
  std::array<char, 65536> buffer{};
  const ssize_t size = ::recv(socket_.get(), buffer.data(), buffer.size(), wait == Wait::not_at_all ? MSG_DONTWAIT : 0);
  if (size > 0) {
    parser_.add({buffer.data(), static_cast<std::size_t>(size)});
    return true;
  }
  if (size == 0 || (size < 0 && errno == ECONNRESET)) {
    return base::fail("{}: the daemon closed the connection", path_);
  }
  if (errno == EINTR) {
    return base::Unexpected<base::Error>(base::Error{"Interrupted while waiting for an answer", EINTR});
  }
  if (errno == EAGAIN && wait == Wait::not_at_all) {
    return false;
  }
  if (errno == EAGAIN) {
    return base::fail("{}: no answer within {} s: the daemon hangs", path_, kHelloTimeoutSeconds);
  }
  return base::fail_errno(errno, path_);
}

}  // namespace

base::Result<std::unique_ptr<Client>> Client::connect(const std::string& path) {
  auto socket = TANDEM_TRY(connect_socket(path));
  auto client = std::make_unique<SocketClient>(path, std::move(socket));
  TANDEM_TRY(client->greet());
  return client;
}

}  // namespace tandem::ipc
