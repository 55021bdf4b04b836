// SPDX-License-Identifier: Apache-2.0
#include "lib/ipc/server_session.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "lib/base/limits.h"
#include "lib/ipc/codec.h"
#include "lib/ipc/log_messages.h"

namespace tandem::ipc {
namespace {

constexpr std::size_t kOutputPiece = 1U << 20U;  // larger output goes in several frames

}  // namespace

ServerSession::ServerSession(const Surroundings& surroundings, std::uint64_t id, Peer peer, os::FileDescriptor socket)
    : surroundings_(surroundings), id_(id), peer_(std::move(peer)), socket_(std::move(socket)) {
  reading_.emplace(surroundings_.loop, socket_.get(), event::Watch::For::reading, [this] { read(); });
}

void ServerSession::read() {
  std::array<char, 65536> buffer{};
  const ssize_t size = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
    return;
  }
  if (size <= 0) {
    end();
    return;
  }
  parser_.add({buffer.data(), static_cast<std::size_t>(size)});
  handle_messages();
}

void ServerSession::handle_messages() {
  const auto refuse = [this](const base::Error& error) {
    surroundings_.logger.write<kGarbage>(peer_.user, peer_.pid, error.message);
    end();
  };
  while (!ended_) {
    const auto message = parser_.next();
    if (!message) {
      refuse(message.error());
      return;
    }
    if (!*message) {
      return;
    }
    const auto request = decode_request(**message);
    if (!request) {
      refuse(request.error());
      return;
    }
    surroundings_.handler.on_request(*this, *request);
  }
}

void ServerSession::send(const Reply& reply) {
  const auto* output = std::get_if<Output>(&reply.body);
  if (output == nullptr || output->text.size() <= kOutputPiece) {
    send_message(encode(reply));
    return;
  }
  for (std::size_t at = 0; at < output->text.size(); at += kOutputPiece) {
    send_message(encode(Reply{reply.id, Output{output->text.substr(at, kOutputPiece)}}));
  }
}

void ServerSession::send_message(const std::string& message) {
  if (ended_) {
    return;
  }
  if (message.size() > base::kMaxFrameSize || backlog_.size() - sent_ + message.size() > base::kMaxSessionBacklog) {
    end();  // first: a session that monitors is a sink of the logger itself
    surroundings_.logger.write<kNotReading>(peer_.user, peer_.pid);
    return;
  }
  backlog_ += frame(message);
  if (!writing_) {
    flush();
  }
}

void ServerSession::flush() {
  while (sent_ < backlog_.size()) {
    const ssize_t size =
        ::send(socket_.get(), backlog_.data() + sent_, backlog_.size() - sent_, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) {
      continue;
    }
    if (size < 0 && errno == EAGAIN) {
      if (!writing_) {
        writing_.emplace(surroundings_.loop, socket_.get(), event::Watch::For::writing, [this] { flush(); });
      }
      return;
    }
    if (size < 0) {
      end();
      return;
    }
    sent_ += static_cast<std::size_t>(size);
  }
  backlog_.clear();
  sent_ = 0;
  writing_.reset();
}

void ServerSession::end() {
  if (!ended_) {
    ended_ = true;
    reading_.reset();
    writing_.reset();
    surroundings_.on_ended(id_);
  }
}

}  // namespace tandem::ipc
