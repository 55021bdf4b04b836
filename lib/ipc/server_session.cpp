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

// Larger output goes in several frames: both ends then work in the same few pages.
constexpr std::size_t kOutputPiece = 64U << 10U;

double seconds(std::chrono::microseconds time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

ServerSession::ServerSession(Surroundings surroundings, std::uint64_t id, Peer peer, os::FileDescriptor socket)
    : surroundings_(std::move(surroundings)),
      id_(id),
      peer_(std::move(peer)),
      socket_(std::move(socket)),
      parser_(peer_.may_configure ? kMaxFrameSize : kMaxViewerFrameSize),
      throttle_(surroundings_.limits.requests_per_second, surroundings_.limits.requests_at_once),
      next_request_(surroundings_.loop, [this] { go_on(); }),
      patience_(surroundings_.loop, [this] { run_out_of_patience(); }) {
  patience_.set(event::monotonic_now() + surroundings_.limits.hello_time);
  reading_.emplace(surroundings_.loop, socket_.get(), event::Watch::For::reading, [this] { read(); });
}

void ServerSession::read() {
  std::array<char, 65536> buffer{};
  const ssize_t size = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
    return;
  }
  if (size <= 0) {  // it has left: nothing to tell
    end();
    return;
  }
  parser_.add({buffer.data(), static_cast<std::size_t>(size)});
  go_on();
}

// The next request, if there is a whole one and it is its turn.
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

// When the next request may be looked at; nothing: now.
std::optional<base::TimePoint> ServerSession::not_before(base::TimePoint now) {
  if (greeted_ && !peer_.may_configure && surroundings_.viewers_rest_until > now) {
    return surroundings_.viewers_rest_until;
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
  half_a_message_since_.reset();
  if (greeted_) {
    patience_.cancel();
  }
  surroundings_.handler.on_request(*this, *request);
  if (!peer_.may_configure) {
    const base::TimePoint end = event::monotonic_now();
    surroundings_.viewers_rest_until = end + (end - begin);
  }
  if (ended_) {
    return;
  }
  if (parser_.pending() > 0) {
    reading_.reset();  // what it has sent comes first
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
    reading_.emplace(surroundings_.loop, socket_.get(), event::Watch::For::reading, [this] { read(); });
  }
  if (greeted_ && parser_.pending() > 0 && !half_a_message_since_) {
    half_a_message_since_ = event::monotonic_now();
    patience_.set(*half_a_message_since_ + surroundings_.limits.message_time);
  }
}

void ServerSession::run_out_of_patience() {
  if (greeted_) {
    close(CloseReason::half_a_message,
          fmt::format("half a message for {} s", seconds(surroundings_.limits.message_time)));
  } else {
    close(CloseReason::no_greeting, fmt::format("no greeting within {} s", seconds(surroundings_.limits.hello_time)));
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

// The daemon does not wait for a log line to be read: a terminal that is behind misses some rather than everything.
void ServerSession::send_log_line(const Reply& reply) {
  if (backlog() > surroundings_.limits.monitor_backlog) {
    ++log_lines_left_out_;
    return;
  }
  send_message(encode(reply));
}

void ServerSession::send_message(const std::string& message) {
  if (ended_) {
    return;
  }
  if (message.size() > kMaxFrameSize || backlog() + message.size() > surroundings_.limits.session_backlog) {
    close(CloseReason::not_reading, "it does not read what it asked for");
    return;
  }
  backlog_ += frame(message);
  if (!writing_) {
    flush();
  }
  if (backlog() > 0) {
    surroundings_.on_backlog();
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
  backlog_.shrink_to_fit();
  sent_ = 0;
  if (writing_) {
    writing_.reset();
    next_request_.set(event::monotonic_now());
  }
  if (log_lines_left_out_ > 0) {
    const std::size_t count = std::exchange(log_lines_left_out_, 0);
    send_message(encode(Reply{0, LogLine{fmt::format("({} log lines left out)", count)}}));
  }
}

void ServerSession::close(CloseReason reason, const std::string& words) {
  if (!ended_) {
    end();  // first: a session that monitors is a sink of the logger itself
    surroundings_.log_closing(peer_, reason, words);
  }
}

void ServerSession::end() {
  if (!ended_) {
    ended_ = true;
    reading_.reset();
    writing_.reset();
    next_request_.cancel();
    patience_.cancel();
    surroundings_.on_ended(id_);
  }
}

}  // namespace tandem::ipc
