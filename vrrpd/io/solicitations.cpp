// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/solicitations.h"

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "vrrpd/io/bpf.h"
#include "vrrpd/io/limits.h"
#include "vrrpd/io/messages.h"

namespace tandem::vrrpd::io {
namespace {

constexpr int kMaxMessagesPerTurn = 64;  // then the other descriptors have their turn
constexpr int kRequiredHopLimit = 255;   // RFC 4861 §6.1.1
constexpr std::size_t kMinSize = 8;

bool set_option(int socket, int option, const void* value, socklen_t size) {
  return setsockopt(socket, IPPROTO_IPV6, option, value, size) == 0;
}

bool change_membership(int socket, int option, base::IfIndex interface) {
  ipv6_mreq request{};
  request.ipv6mr_interface = base::to_number(interface);
  request.ipv6mr_multiaddr = {{{0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02}}};  // all routers
  return set_option(socket, option, &request, sizeof(request));
}

struct Arrival {
  unsigned interface = 0;
  int hop_limit = 0;
};

Arrival arrival_of(msghdr& header) {
  Arrival arrival;
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != IPPROTO_IPV6) {
      continue;
    }
    if (part->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info;
      std::memcpy(&info, CMSG_DATA(part), sizeof(info));
      arrival.interface = info.ipi6_ifindex;
    } else if (part->cmsg_type == IPV6_HOPLIMIT) {
      std::memcpy(&arrival.hop_limit, CMSG_DATA(part), sizeof(arrival.hop_limit));
    }
  }
  return arrival;
}

}  // namespace

SolicitationReceiver::SolicitationReceiver(event::Loop& loop, log::Logger& logger, Handler on_solicitation)
    : loop_(loop), logger_(logger), on_solicitation_(std::move(on_solicitation)), timer_(loop, [this] { on_time(); }) {}

bool SolicitationReceiver::open() {
  if (socket_.is_open()) {
    return true;
  }
  os::FileDescriptor socket(::socket(AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMPV6));
  icmp6_filter filter;
  ICMP6_FILTER_SETBLOCKALL(&filter);
  ICMP6_FILTER_SETPASS(ND_ROUTER_SOLICIT, &filter);
  const int on = 1;
  if (!socket.is_open() || setsockopt(socket.get(), IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof(filter)) != 0 ||
      !set_option(socket.get(), IPV6_RECVPKTINFO, &on, sizeof(on)) ||
      !set_option(socket.get(), IPV6_RECVHOPLIMIT, &on, sizeof(on))) {
    logger_.write<kSolicitationsUnheard>(std::strerror(errno));
    return false;
  }
  socket_ = std::move(socket);
  tell_filter();
  watch_.emplace(loop_, socket_.get(), event::Watch::For::reading, [this] { read(); });
  return true;
}

void SolicitationReceiver::listen(base::IfIndex interface) {
  if (ears_.contains(interface) || !open()) {
    return;
  }
  if (!change_membership(socket_.get(), IPV6_JOIN_GROUP, interface) && errno != EADDRINUSE) {
    logger_.write<kSolicitationsUnheard>(std::strerror(errno));
    return;
  }
  ears_.emplace(interface, Ear{});
  tell_filter();
}

void SolicitationReceiver::close(base::IfIndex interface) {
  if (ears_.erase(interface) != 0) {
    change_membership(socket_.get(), IPV6_LEAVE_GROUP, interface);  // fails if the interface is gone: as well
    tell_filter();
  }
}

void SolicitationReceiver::read() {
  for (int i = 0; i < kMaxMessagesPerTurn; ++i) {
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
    const Arrival arrival = arrival_of(header);
    const auto ear = ears_.find(base::IfIndex{arrival.interface});
    if (static_cast<std::size_t>(size) >= kMinSize && arrival.hop_limit == kRequiredHopLimit && ear != ears_.end()) {
      heard(ear->first, ear->second);
    }
  }
}

void SolicitationReceiver::heard(base::IfIndex interface, Ear& ear) {
  const base::TimePoint now = event::monotonic_now();
  if (now >= ear.deaf_until && !ear.asked) {
    ear.deaf_until = now + kSolicitationPause;
    on_solicitation_(interface);
  } else if (!ear.asked) {
    ear.asked = true;
    tell_filter();
  }
}

// The host that asked last may have had the answer to the first.
void SolicitationReceiver::on_time() {
  const base::TimePoint now = event::monotonic_now();
  for (auto& [interface, ear] : ears_) {
    if (ear.asked && now >= ear.deaf_until) {
      ear = {.deaf_until = now + kSolicitationPause};
      on_solicitation_(interface);
    }
  }
  tell_filter();
}

// Without a filter they cost more, and do no more.
void SolicitationReceiver::tell_filter() {
  std::vector<base::IfIndex> heard;
  base::TimePoint next = base::TimePoint::max();
  for (const auto& [interface, ear] : ears_) {
    if (ear.asked) {
      next = std::min(next, ear.deaf_until);
    } else {
      heard.push_back(interface);
    }
  }
  attach(socket_.get(), solicitation_filter(heard));
  if (next != base::TimePoint::max()) {
    timer_.set(next);
  }
}

}  // namespace tandem::vrrpd::io
