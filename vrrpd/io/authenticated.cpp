// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/authenticated.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <cstring>

#include "vrrpd/io/limits.h"
#include "vrrpd/io/messages.h"
#include "vrrpd/io/socket_filters.h"

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
  net::RawSocket socket(base::Family::ipv4, IPPROTO_AH, kDescriptorsKept);
  const int on = 1;
  socket.set(IPPROTO_IP, IP_PKTINFO, on).set(SOL_SOCKET, SO_RCVBUF, kQueueBytes);
  const int error = socket.error() != 0 ? socket.error() : net::attach(socket.fd(), authenticated_vrrp_filter());
  if (error != 0) {
    logger_.write<kAuthenticatedUnheard>(std::strerror(error));
    return;
  }
  socket_.emplace(std::move(socket));
  watch();
}

void AuthenticatedReceiver::watch() {
  watch_.emplace(loop_, socket_->fd(), event::Watch::For::reading, [this] { read(); });
}

void AuthenticatedReceiver::read() {
  for (int i = 0; i < kMaxPerTurn; ++i) {
    const std::optional<net::ShortPacket> packet = net::receive_short(socket_->fd());
    if (!packet) {
      break;
    }
    if (packet->interface != base::kNoInterface && packet->size >= kIpv4HeaderSize) {
      on_packet_(packet->interface, base::IpAddress::from_bytes(base::Bytes(packet->bytes).subspan(kSourceOffset, 4)));
    }
  }
  watch_.reset();
  timer_.set(event::monotonic_now() + kPause);
}

}  // namespace tandem::vrrpd::io
