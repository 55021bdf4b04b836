// SPDX-License-Identifier: Apache-2.0
#include "lib/netlink/socket.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <type_traits>
#include <utility>

#include "lib/netlink/decode.h"
#include "lib/netlink/handles.h"

namespace tandem::netlink {
namespace {

// The kernel fills dump datagrams up to 32 KiB if the reader's buffer is as large.
constexpr std::size_t kBufferSize = std::size_t{32} * 1024;
using Buffer = std::array<std::uint8_t, kBufferSize>;

// Creating a macvlan reports some 10 KiB; room for hundreds of them between two visits of the event loop.
constexpr int kMonitorQueue = 16 << 20;
constexpr int kRequestQueue = 1 << 20;

// A dump that something else changes is repeated; on a box where links change all the time the caller has to give up.
constexpr int kDumpAttempts = 5;

base::Result<SocketHandle> open_socket(int queue_size) {
  SocketHandle socket(nl_socket_alloc());
  if (!socket) {
    return base::fail("cannot open a netlink socket: out of memory");
  }
  const int error = nl_connect(socket.get(), NETLINK_ROUTE);
  if (error < 0) {
    return base::fail("cannot open a netlink socket: {}", nl_geterror(error));
  }
  // Beyond net.core.rmem_max; refused without CAP_NET_ADMIN, then the usual size has to do.
  setsockopt(nl_socket_get_fd(socket.get()), SOL_SOCKET, SO_RCVBUFFORCE, &queue_size, sizeof(queue_size));
  return socket;
}

// Receives one datagram; the number of bytes or a negative errno value.
ssize_t receive(int fd, Buffer& buffer, int flags) {
  for (;;) {
    const ssize_t size = recv(fd, buffer.data(), buffer.size(), flags);
    if (size >= 0 || errno != EINTR) {
      return size >= 0 ? size : -errno;
    }
  }
}

base::Result<> to_result(const Acknowledgement& acknowledgement) {
  if (acknowledgement.error == 0) {
    return {};
  }
  std::string message = std::strerror(acknowledgement.error);
  if (!acknowledgement.text.empty()) {
    message += " (" + acknowledgement.text + ")";
  }
  return base::Unexpected<base::Error>(
      base::Error{std::move(message), acknowledgement.error, base::kind_of_errno(acknowledgement.error)});
}

}  // namespace

struct RequestSocket::Impl {
  SocketHandle socket;
  std::uint32_t sequence = 0;
  Buffer buffer{};

  int fd() const { return nl_socket_get_fd(socket.get()); }
  std::vector<base::Result<>> execute_batch(std::span<const Request> requests);
  base::Result<> send(std::span<const Request> requests, std::uint32_t first_sequence);
  void collect(std::uint32_t first_sequence, std::vector<std::optional<base::Result<>>>& results);
  struct Dump {
    Request request;
    Detail detail;
  };
  base::Result<bool> dump_once(const Dump& dump, const std::function<void(const Event&, const LinkSettings&)>& handle);
};

base::Result<RequestSocket> RequestSocket::open() {
  auto socket = TANDEM_TRY(open_socket(kRequestQueue));
  const int fd = nl_socket_get_fd(socket.get());
  const int on = 1;
  // Answers without a copy of the request, and with an explanation.
  setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
  setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
  auto impl = std::make_unique<Impl>();
  impl->socket = std::move(socket);
  return RequestSocket(std::move(impl));
}

RequestSocket::RequestSocket(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RequestSocket::RequestSocket(RequestSocket&&) noexcept = default;
RequestSocket& RequestSocket::operator=(RequestSocket&&) noexcept = default;
RequestSocket::~RequestSocket() = default;

base::Result<> RequestSocket::Impl::send(std::span<const Request> requests, std::uint32_t first_sequence) {
  std::vector<nlmsghdr> headers(requests.size());
  std::vector<iovec> parts;
  parts.reserve(2 * requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const std::vector<std::uint8_t>& bytes = requests[i].bytes;  // libnl aligned its length
    std::memcpy(&headers[i], bytes.data(), sizeof(nlmsghdr));
    headers[i].nlmsg_seq = first_sequence + static_cast<std::uint32_t>(i);
    parts.push_back({&headers[i], sizeof(nlmsghdr)});
    // sendmsg() does not write through iov_base.
    parts.push_back({const_cast<std::uint8_t*>(bytes.data()) + sizeof(nlmsghdr), bytes.size() - sizeof(nlmsghdr)});
  }
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  msghdr message{};
  message.msg_name = &kernel;
  message.msg_namelen = sizeof(kernel);
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  while (sendmsg(fd(), &message, 0) < 0) {
    if (errno != EINTR) {
      return base::fail_errno(errno, "cannot send to netlink");
    }
  }
  return {};
}

// The answers are in the queue when sendmsg() returns: what is not there by then was lost.
void RequestSocket::Impl::collect(std::uint32_t first_sequence, std::vector<std::optional<base::Result<>>>& results) {
  std::size_t missing = results.size();
  while (missing > 0) {
    const ssize_t size = receive(fd(), buffer, MSG_DONTWAIT);
    if (size == -ENOBUFS) {
      continue;  // reported once; the answers before the loss are still to be read
    }
    if (size <= 0) {
      return;
    }
    for (const Decoded& decoded : decode(base::Bytes(buffer).first(static_cast<std::size_t>(size)))) {
      const std::size_t index = decoded.sequence - first_sequence;
      const auto* acknowledgement = std::get_if<Acknowledgement>(&decoded.content);
      if (acknowledgement != nullptr && index < results.size() && !results[index]) {
        results[index] = to_result(*acknowledgement);
        --missing;
      }
    }
  }
}

std::vector<base::Result<>> RequestSocket::Impl::execute_batch(std::span<const Request> requests) {
  std::vector<std::optional<base::Result<>>> results(requests.size());
  const std::uint32_t first = sequence + 1;
  sequence += static_cast<std::uint32_t>(requests.size());
  base::Result<> sent = send(requests, first);
  if (sent) {
    collect(first, results);
    sent = base::fail("the kernel's answer was lost");
  }
  std::vector<base::Result<>> all;
  all.reserve(results.size());
  for (auto& result : results) {
    all.push_back(result ? std::move(*result) : sent);
  }
  return all;
}

std::vector<base::Result<>> RequestSocket::execute(std::span<const Request> requests) {
  std::vector<base::Result<>> all;
  all.reserve(requests.size());
  while (!requests.empty()) {
    const std::size_t count = std::min(requests.size(), kMaxBatch);
    for (auto& result : impl_->execute_batch(requests.first(count))) {
      all.push_back(std::move(result));
    }
    requests = requests.subspan(count);
  }
  return all;
}

base::Result<> RequestSocket::execute(const Request& request) {
  return impl_->execute_batch(std::span(&request, 1)).front();
}

// True if the dump is consistent, false if it has to be made again.
base::Result<bool> RequestSocket::Impl::dump_once(
    const Dump& dump, const std::function<void(const Event&, const LinkSettings&)>& handle) {
  const std::uint32_t own = ++sequence;
  TANDEM_TRY(send(std::span(&dump.request, 1), own));
  bool consistent = true;
  for (;;) {
    const ssize_t size = receive(fd(), buffer, 0);
    if (size <= 0) {
      return base::fail_errno(static_cast<int>(-size), "cannot read from netlink");
    }
    for (const Decoded& decoded : decode(base::Bytes(buffer).first(static_cast<std::size_t>(size)), dump.detail)) {
      if (decoded.sequence != own) {
        continue;
      }
      consistent = consistent && !decoded.interrupted;
      if (const auto* event = std::get_if<Event>(&decoded.content)) {
        handle(*event, decoded.settings);
      } else if (const auto* refused = std::get_if<Acknowledgement>(&decoded.content)) {
        TANDEM_TRY(to_result(*refused));
      } else if (const auto* end = std::get_if<DumpEnd>(&decoded.content)) {
        return end->error == 0 ? base::Result<bool>(consistent)
                               : base::Result<bool>(base::fail_errno(end->error, "netlink dump failed"));
      }
    }
  }
}

base::Result<> RequestSocket::dump(const std::function<void(const Event&)>& handle) {
  for (const Request& request : {dump_links(), dump_addresses()}) {
    std::vector<Event> events;
    bool consistent = false;
    for (int attempt = 0; attempt < kDumpAttempts && !consistent; ++attempt) {
      events.clear();
      consistent = TANDEM_TRY(impl_->dump_once(
          {request, Detail::usual}, [&events](const Event& event, const auto&) { events.push_back(event); }));
    }
    // An inconsistent one is used all the same: notifications that follow put it right.
    for (const Event& event : events) {
      handle(event);
    }
  }
  return {};
}

base::Result<> RequestSocket::dump_settings(const std::function<void(const Link&, const LinkSettings&)>& handle) {
  static_cast<void>(TANDEM_TRY(
      impl_->dump_once({dump_links(), Detail::settings}, [&](const Event& event, const LinkSettings& settings) {
        if (const auto* changed = std::get_if<LinkChanged>(&event)) {
          handle(changed->link, settings);
        }
      })));
  return {};
}

struct Monitor::Impl {
  SocketHandle socket;
  Buffer buffer{};
};

base::Result<Monitor> Monitor::open() {
  auto socket = TANDEM_TRY(open_socket(kMonitorQueue));
  int error = nl_socket_add_memberships(socket.get(), RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, 0);
  if (error >= 0) {
    error = nl_socket_set_nonblocking(socket.get());
  }
  if (error < 0) {
    return base::fail("cannot listen to netlink notifications: {}", nl_geterror(error));
  }
  auto impl = std::make_unique<Impl>();
  impl->socket = std::move(socket);
  return Monitor(std::move(impl));
}

Monitor::Monitor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Monitor::Monitor(Monitor&&) noexcept = default;
Monitor& Monitor::operator=(Monitor&&) noexcept = default;
Monitor::~Monitor() = default;

int Monitor::descriptor() const { return nl_socket_get_fd(impl_->socket.get()); }

Monitor::Outcome Monitor::drain(const std::function<void(const Event&)>& handle) {
  bool overrun = false;
  for (int count = 0; count < kMaxPerDrain; ++count) {
    const ssize_t size = receive(descriptor(), impl_->buffer, MSG_DONTWAIT);
    if (size == -ENOBUFS) {
      overrun = true;
      continue;
    }
    if (size <= 0) {
      return overrun ? Outcome::overrun : Outcome::complete;
    }
    for (const Decoded& decoded : decode(base::Bytes(impl_->buffer).first(static_cast<std::size_t>(size)))) {
      if (const auto* event = std::get_if<Event>(&decoded.content)) {
        handle(*event);
      }
    }
  }
  const ssize_t next = receive(descriptor(), impl_->buffer, MSG_DONTWAIT | MSG_PEEK);
  if (overrun || next == -ENOBUFS) {
    return Outcome::overrun;
  }
  return next > 0 ? Outcome::more : Outcome::complete;
}

}  // namespace tandem::netlink
