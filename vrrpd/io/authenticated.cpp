// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/authenticated.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "vrrpd/io/bpf.h"
#include "vrrpd/io/messages.h"

namespace tandem::vrrpd::io {
namespace {

constexpr int kQueueBytes = 16 << 10;  // a few packets: who sends them is said once an hour
constexpr int kMaxPerTurn = 8;
constexpr std::chrono::seconds kPause{1};  // after each turn
constexpr std::size_t kSourceOffset = 12;
constexpr std::size_t kIpv4HeaderSize = 20;

}  // namespace

AuthenticatedReceiver::AuthenticatedReceiver(event::Loop& loop, log::Logger& logger, Handler on_packet)
    : loop_(loop), logger_(logger), on_packet_(std::move(on_packet)), timer_(loop, [this] { watch(); }) {}

void AuthenticatedReceiver::listen() {
  if (tried_) {
    return;
  }
  tried_ = true;
  os::FileDescriptor socket(::socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_AH));
  const int on = 1;
  if (!socket.is_open() || setsockopt(socket.get(), IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) != 0 ||
      setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &kQueueBytes, sizeof(kQueueBytes)) != 0 ||
      attach(socket.get(), authenticated_vrrp_filter()) != 0) {
    logger_.write<kAuthenticatedUnheard>(std::strerror(errno));
    return;
  }
  socket_ = std::move(socket);
  watch();
}

void AuthenticatedReceiver::watch() {
  watch_.emplace(loop_, socket_.get(), event::Watch::For::reading, [this] { read(); });
}

void AuthenticatedReceiver::read() {
  for (int i = 0; i < kMaxPerTurn; ++i) {
    std::array<std::uint8_t, 64> packet{};
    alignas(cmsghdr) std::array<std::uint8_t, 128> control{};
    iovec part{packet.data(), packet.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    const ssize_t size = recvmsg(socket_.get(), &header, MSG_DONTWAIT);
    if (size < 0) {
      break;
    }
    for (cmsghdr* about = CMSG_FIRSTHDR(&header); about != nullptr; about = CMSG_NXTHDR(&header, about)) {
      if (about->cmsg_level == IPPROTO_IP && about->cmsg_type == IP_PKTINFO &&
          static_cast<std::size_t>(size) >= kIpv4HeaderSize) {
        in_pktinfo info{};
        std::memcpy(&info, CMSG_DATA(about), sizeof(info));
        on_packet_(base::IfIndex{static_cast<std::uint32_t>(info.ipi_ifindex)},
                   base::IpAddress::from_bytes(base::Bytes(packet).subspan(kSourceOffset, 4)));
      }
    }
  }
  watch_.reset();
  timer_.set(event::monotonic_now() + kPause);
}

}  // namespace tandem::vrrpd::io
