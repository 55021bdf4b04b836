// SPDX-License-Identifier: Apache-2.0
#include "lib/ipc/server_session.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include "lib/ipc/codec.h"
#include "lib/ipc/shown.h"

namespace tandem::ipc {
namespace {

// Larger output goes in several frames: both ends then reuse the same few pages.
constexpr std::size_t kOutputPiece = 64U << 10U;

double seconds(std::chrono::microseconds time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

void Backlog::remove_sent(std::size_t size) {
  sent_ += size;
  if (sent_ == bytes_.size()) {
    bytes_ = std::string();
    sent_ = 0;
  }
}

ServerSession::ServerSession(Dependencies dependencies, std::uint64_t id, Peer peer, os::FileDescriptor socket)
    : dependencies_(std::move(dependencies)),
      id_(id),
      peer_(std::move(peer)),
      socket_(std::move(socket)),
      parser_(peer_.may_configure ? kMaxFrameSize : kMaxViewerFrameSize),
      throttle_(dependencies_.limits.requests_per_second, dependencies_.limits.requests_at_once),
      next_request_(dependencies_.loop, [this] { go_on(); }),
      timeout_(dependencies_.loop, [this] { handle_timeout(); }) {
  timeout_.set(event::monotonic_now() + dependencies_.limits.hello_time);
  reading_.emplace(dependencies_.loop, socket_.get(), event::Watch::For::reading, [this] { read(); });
}

void ServerSession::read() {
  std::array<char, 65536> buffer{};
  const ssize_t size = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
    return;
  }
  if (size <= 0) {  // the client has closed the connection: nothing to log
    end();
    return;
  }
  parser_.add({buffer.data(), static_cast<std::size_t>(size)});
  go_on();
}

// Handles the next request, if a complete one has arrived and may run now.
void ServerSession::go_on() {
  if (ended_) {
    return;
  }
  if (backlog() > 0) {  // flush() calls again
    reading_.reset();
    return;
  }
  if (const auto later = parser_.has_message() ? not_before(event::monotonic_now()) : std::nullopt) {
    reading_.reset();
    next_request_.set(*later);
    return;
  }
  const auto message = parser_.next();
  if (!message) {
    close(CloseReason::garbage, message.error().message);
  } else if (!*message) {
    wait_for_bytes();
  } else {
    handle(**message);
  }
}

// The earliest time for the next request; nullopt: now.
std::optional<base::TimePoint> ServerSession::not_before(base::TimePoint now) {
  if (greeted_ && !peer_.may_configure && dependencies_.viewers_rest_until > now) {
    return dependencies_.viewers_rest_until;
  }
  return throttle_.admit(now);
}

void ServerSession::handle(const std::string& message) {
  const base::TimePoint begin = event::monotonic_now();
  const auto request = decode_request(message);
  if (!request) {
    close(CloseReason::garbage, request.error().message);
    return;
  }
  greeted_ = greeted_ || std::holds_alternative<Hello>(request->body);
  incomplete_since_.reset();
  if (greeted_) {
    timeout_.cancel();
  }
  dependencies_.handler.on_request(*this, *request);
  if (!peer_.may_configure) {
    const base::TimePoint end = event::monotonic_now();
    dependencies_.viewers_rest_until = end + (end - begin);
  }
  if (ended_) {
    return;
  }
  if (parser_.pending() > 0) {
    reading_.reset();  // the messages that have arrived come first
    next_request_.set(event::monotonic_now());
  } else {
    wait_for_bytes();
  }
}

void ServerSession::wait_for_bytes() {
  if (ended_) {
    return;
  }
  if (!reading_) {
    reading_.emplace(dependencies_.loop, socket_.get(), event::Watch::For::reading, [this] { read(); });
  }
  if (greeted_ && parser_.pending() > 0 && !incomplete_since_) {
    incomplete_since_ = event::monotonic_now();
    timeout_.set(*incomplete_since_ + dependencies_.limits.message_time);
  }
}

void ServerSession::handle_timeout() {
  if (greeted_) {
    close(CloseReason::incomplete_message,
          fmt::format("half a message for {} s", seconds(dependencies_.limits.message_time)));
  } else {
    close(CloseReason::no_greeting, fmt::format("no greeting within {} s", seconds(dependencies_.limits.hello_time)));
  }
}

void ServerSession::send(const Reply& reply) {
  const Reply printable = shown(reply);
  if (std::holds_alternative<LogLine>(printable.body)) {
    send_log_line(printable);
    return;
  }
  const auto* output = std::get_if<Output>(&printable.body);
  if (output == nullptr || output->text.size() <= kOutputPiece) {
    send_message(encode(printable));
    return;
  }
  for (std::size_t at = 0; at < output->text.size(); at += kOutputPiece) {
    send_message(encode(Reply{reply.id, Output{output->text.substr(at, kOutputPiece)}}));
  }
}

// The daemon does not wait until a log line is read: a slow terminal misses some lines.
void ServerSession::send_log_line(const Reply& reply) {
  if (backlog() > dependencies_.limits.monitor_backlog) {
    ++log_lines_left_out_;
    return;
  }
  send_message(encode(reply));
}

void ServerSession::send_message(const std::string& message) {
  if (ended_) {
    return;
  }
  if (message.size() > kMaxFrameSize || backlog() + message.size() > dependencies_.limits.session_backlog) {
    close(CloseReason::not_reading, "it does not read what it asked for");
    return;
  }
  backlog_.append(frame(message));
  if (!writing_) {
    flush();
  }
  if (backlog() > 0) {
    dependencies_.on_backlog();
  }
}

void ServerSession::flush() {
  while (backlog_.size() > 0) {
    const std::string_view unsent = backlog_.unsent();
    const ssize_t size = ::send(socket_.get(), unsent.data(), unsent.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) {
      continue;
    }
    if (size < 0 && errno == EAGAIN) {
      if (!writing_) {
        writing_.emplace(dependencies_.loop, socket_.get(), event::Watch::For::writing, [this] { flush(); });
      }
      return;
    }
    if (size < 0) {
      end();
      return;
    }
    backlog_.remove_sent(static_cast<std::size_t>(size));
  }
  if (writing_) {
    writing_.reset();
    next_request_.set(event::monotonic_now());
  }
  if (log_lines_left_out_ > 0) {
    const std::size_t count = std::exchange(log_lines_left_out_, 0);
    send_message(encode(Reply{0, LogLine{fmt::format("({} log lines left out)", count)}}));
  }
}

void ServerSession::close(CloseReason reason, const std::string& text) {
  if (!ended_) {
    end();  // before the log message: a session that monitors is a sink of this logger
    dependencies_.log_closing(peer_, reason, text);
  }
}

void ServerSession::end() {
  if (!ended_) {
    ended_ = true;
    reading_.reset();
    writing_.reset();
    next_request_.cancel();
    timeout_.cancel();
    dependencies_.on_ended(id_);
  }
}

}  // namespace tandem::ipc
