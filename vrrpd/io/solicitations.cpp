// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/solicitations.h"

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "vrrpd/io/limits.h"
#include "vrrpd/io/messages.h"
#include "vrrpd/io/socket_filters.h"

namespace tandem::vrrpd::io {
namespace {

constexpr int kMaxMessagesPerTurn = 64;  // then the other descriptors have their turn
constexpr int kRequiredHopLimit = 255;   // RFC 4861 §6.1.1
constexpr std::size_t kMinSize = 8;

bool change_membership(int socket, int option, base::IfIndex interface) {
  ipv6_mreq request{};
  request.ipv6mr_interface = base::to_number(interface);
  request.ipv6mr_multiaddr = {{{0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02}}};  // all routers
  return setsockopt(socket, IPPROTO_IPV6, option, &request, sizeof(request)) == 0;
}

}  // namespace

SolicitationReceiver::SolicitationReceiver(event::Loop& loop, log::Logger& logger, Handler on_solicitation)
    : loop_(loop), logger_(logger), on_solicitation_(std::move(on_solicitation)), timer_(loop, [this] { on_time(); }) {}

bool SolicitationReceiver::open() {
  if (socket_) {
    return true;
  }
  net::RawSocket socket(base::Family::ipv6, IPPROTO_ICMPV6, kDescriptorsKept);
  icmp6_filter filter;
  ICMP6_FILTER_SETBLOCKALL(&filter);
  ICMP6_FILTER_SETPASS(ND_ROUTER_SOLICIT, &filter);
  const int on = 1;
  socket.set(IPPROTO_ICMPV6, ICMP6_FILTER, filter)
      .set(IPPROTO_IPV6, IPV6_RECVPKTINFO, on)
      .set(IPPROTO_IPV6, IPV6_RECVHOPLIMIT, on);
  if (socket.error() != 0) {
    logger_.write<kSolicitationsUnheard>(std::strerror(socket.error()));
    return false;
  }
  socket_.emplace(std::move(socket));
  net::attach(socket_->fd(), solicitation_filter({}));
  watch_.emplace(loop_, socket_->fd(), event::Watch::For::reading, [this] { read(); });
  return true;
}

void SolicitationReceiver::listen(base::IfIndex interface) {
  if (ears_.contains(interface) || !open()) {
    return;
  }
  if (!change_membership(socket_->fd(), IPV6_JOIN_GROUP, interface) && errno != EADDRINUSE) {
    logger_.write<kSolicitationsUnheard>(std::strerror(errno));
    return;
  }
  ears_.add(interface);
  timer_.set(event::monotonic_now());
}

void SolicitationReceiver::close(base::IfIndex interface) {
  if (ears_.remove(interface)) {
    change_membership(socket_->fd(), IPV6_LEAVE_GROUP, interface);  // fails if the interface is gone: as well
    timer_.set(event::monotonic_now());
  }
}

void SolicitationReceiver::read() {
  for (int i = 0; i < kMaxMessagesPerTurn; ++i) {
    const std::optional<net::ShortPacket> packet = net::receive_short(socket_->fd());
    if (!packet) {
      break;
    }
    if (packet->size >= kMinSize && packet->hop_limit == kRequiredHopLimit &&
        ears_.heard(packet->interface, event::monotonic_now())) {
      on_solicitation_(packet->interface);
    }
  }
  tell_filter();
  set_timer();
}

void SolicitationReceiver::on_time() {
  for (const base::IfIndex interface : ears_.take_due(event::monotonic_now())) {
    on_solicitation_(interface);
  }
  tell_filter();
  set_timer();
}

// Without a filter they cost more, and do no more.
void SolicitationReceiver::tell_filter() {
  if (const auto heard = ears_.take_change()) {
    net::attach(socket_->fd(), solicitation_filter(*heard));
  }
}

void SolicitationReceiver::set_timer() {
  if (const auto next = ears_.deadline()) {
    timer_.set(*next);
  }
}

}  // namespace tandem::vrrpd::io
