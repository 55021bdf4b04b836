// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/receiver.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <set>
#include <utility>

#include "lib/log/rate_limit.h"
#include "lib/net/arrival.h"
#include "lib/net/raw_socket.h"
#include "lib/net/receive_batch.h"
#include "vrrpd/io/guard.h"
#include "vrrpd/io/limits.h"
#include "vrrpd/io/messages.h"

namespace tandem::vrrpd::io {
namespace {

constexpr std::chrono::seconds kLogInterval{10};
constexpr std::chrono::seconds kFloodLogInterval{600};  // a flood that goes on is one line in ten minutes
constexpr std::size_t kMaxLogKeys = 64;
constexpr int kQueueBytes = 1 << 20;    // 900 of the largest adverts: a longer queue only makes a flood's news old
constexpr std::size_t kBatch = 64;      // packets in one recvmmsg()
constexpr int kMaxBatchesPerTurn = 16;  // then the other descriptors have their turn
constexpr std::size_t kPacketSize =
    60 + 8 + 255 * 16;  // largest header and message; a longer one fails its checks anyway

std::string_view family_name(base::Family family) { return base::to_string(family); }

net::Arrival::WallTime duration_of(const timespec& time) {
  return std::chrono::seconds(time.tv_sec) + net::Arrival::WallTime(time.tv_nsec);
}

// What this thread has used: what others have used meanwhile is no cost of a flood.
base::Duration processor_time() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::duration_cast<base::Duration>(duration_of(time));
}

packet::IpInfo ipv4_info(base::Bytes packet) {
  packet::IpInfo info{base::IpAddress(base::Family::ipv4), base::IpAddress(base::Family::ipv4), 0};
  if (packet.size() >= 20) {
    info.ttl = packet[8];
    info.source = base::IpAddress::from_bytes(packet.subspan(12, 4));
    info.destination = base::IpAddress::from_bytes(packet.subspan(16, 4));
  }
  return info;
}

packet::IpInfo ipv6_info(const net::ReceiveBatch::Packet& packet) {
  return {.source = packet.source,
          .destination = packet.ancillary.destination.value_or(base::IpAddress(base::Family::ipv6)),
          .ttl = static_cast<std::uint8_t>(std::clamp(packet.ancillary.hop_limit, 0, 255))};
}

// R82. A raw socket of protocol 112 hears nothing else (X6: authenticated.h names who sends that).
void join(net::RawSocket& socket, const Receiver::Where& where) {
  const base::IpAddress group = packet::multicast_group(where.family);
  const int on = 1;
  if (where.family == base::Family::ipv4) {
    ip_mreqn membership{};
    std::memcpy(&membership.imr_multiaddr, group.bytes().data(), sizeof(membership.imr_multiaddr));
    membership.imr_ifindex = static_cast<int>(base::to_number(where.interface));
    // IP_MULTICAST_ALL off: only the groups joined by this very socket.
    socket.set(IPPROTO_IP, IP_MULTICAST_ALL, 0).set(IPPROTO_IP, IP_ADD_MEMBERSHIP, membership);
  } else {
    ipv6_mreq membership{};
    std::memcpy(&membership.ipv6mr_multiaddr, group.bytes().data(), sizeof(membership.ipv6mr_multiaddr));
    membership.ipv6mr_interface = base::to_number(where.interface);
    // The checksum is checked, and counted, by us.
    socket.set(IPPROTO_IPV6, IPV6_CHECKSUM, -1)
        .set(IPPROTO_IPV6, IPV6_RECVHOPLIMIT, on)
        .set(IPPROTO_IPV6, IPV6_RECVPKTINFO, on)
        .set(IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0)
        .set(IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, membership);
  }
}

net::RawSocket open_socket(const Receiver::Where& where) {
  net::RawSocket socket(where.family, packet::kIpProtocolVrrp, kDescriptorsKept);
  // By index: the name may have changed since it was read.
  const int index = static_cast<int>(base::to_number(where.interface));
  socket.set(SOL_SOCKET, SO_BINDTOIFINDEX, index).set(SOL_SOCKET, SO_TIMESTAMPNS, 1);
  join(socket, where);
  // Beyond net.core.rmem_max; without the privilege the usual size has to do.
  if (socket.error() == 0) {
    setsockopt(socket.fd(), SOL_SOCKET, SO_RCVBUFFORCE, &kQueueBytes, sizeof(kQueueBytes));
  }
  return socket;
}

Strangers strangers_of(Guard::Filter filter) {
  switch (filter) {
    case Guard::Filter::known:
      return Strangers::sampled;
    case Guard::Filter::winning:
      return Strangers::winning;
    case Guard::Filter::ours:
    case Guard::Filter::none:
      break;
  }
  return Strangers::pass;
}

std::string_view what_is_dropped(Guard::Filter filter) {
  switch (filter) {
    case Guard::Filter::known:
      return "of those for virtual routers of ours, samples are read, but all from Masters that are followed";
    case Guard::Filter::winning:
      return "of those that change the state of no virtual router of ours, samples are read";
    case Guard::Filter::ours:
    case Guard::Filter::none:
      break;
  }
  return "of those that are not for virtual routers of ours, samples are counted";
}

// What the kernel has forgotten is left first: for the socket it is joined still.
bool rejoins(const Receiver::Where& where, int socket) {
  ipv6_mreq membership{};
  std::memcpy(&membership.ipv6mr_multiaddr, packet::multicast_group(where.family).bytes().data(),
              sizeof(membership.ipv6mr_multiaddr));
  membership.ipv6mr_interface = base::to_number(where.interface);
  setsockopt(socket, IPPROTO_IPV6, IPV6_DROP_MEMBERSHIP, &membership, sizeof(membership));
  return setsockopt(socket, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &membership, sizeof(membership)) == 0;
}

}  // namespace

struct Receiver::Impl {
  Impl(event::Loop& loop_in, log::Logger& logger_in, Handlers handlers_in)
      : loop(loop_in),
        logger(logger_in),
        handlers(std::move(handlers_in)),
        limit(kLogInterval, kMaxLogKeys),
        flood_limit(kFloodLogInterval, kMaxLogKeys),
        batch(kBatch, kPacketSize) {}

  struct Listener {
    Listener(net::RawSocket socket_in, event::Loop& loop, event::Handler on_time)
        : socket(std::move(socket_in)), timer(loop, std::move(on_time)) {}

    net::RawSocket socket;
    event::Timer timer;                   // to open it again
    std::optional<event::Watch> watch{};  // none: a pause
    Guard guard{};
    Guard::Filter attached = Guard::Filter::none;

    bool has_filter() const { return attached != Guard::Filter::none; }
  };
  struct Load {
    bool more = false;
    std::size_t packets = 0;
    std::size_t refused = 0;
  };

  void open(const Where& where);
  void watch(const Where& where, Listener& listener);
  void receive(const Where& where, int fd);
  Load read(const Where& where, int fd);
  bool read_batch(const Where& where, int fd, Load& load);
  bool concerns_us(const Where& where, const net::ReceiveBatch::Packet& received);
  void reopen(const Where& where);
  void follow(const Where& where, Listener& listener);
  void attach_filter(const Where& where, Listener& listener);
  std::size_t crowd_with(const Listener& one) const;
  void log_failure(const Where& where, int error);
  void log_flood(const Where& where, Guard::Filter filter);

  event::Loop& loop;
  log::Logger& logger;
  net::Arrival arrival;
  Handlers handlers;
  log::RateLimit limit;
  log::RateLimit flood_limit;
  net::ReceiveBatch batch;  // all sockets receive into it, in turn
  std::map<Where, Listener> listeners;
  std::size_t filters = 0;                   // listeners that have one
  std::set<std::pair<Where, int>> reported;  // with the errno value
};

Receiver::Receiver(event::Loop& loop, log::Logger& logger, Handlers handlers)
    : impl_(std::make_unique<Impl>(loop, logger, std::move(handlers))) {}
Receiver::~Receiver() = default;

bool Receiver::listen(const Where& where) {
  if (!impl_->listeners.contains(where)) {
    impl_->open(where);
  }
  return impl_->listeners.contains(where);
}

void Receiver::close(const Where& where) {
  const auto found = impl_->listeners.find(where);
  if (found != impl_->listeners.end()) {
    impl_->filters -= found->second.has_filter() ? 1 : 0;
    impl_->listeners.erase(found);
  }
  std::erase_if(impl_->reported, [&](const auto& entry) { return entry.first == where; });
}

void Receiver::join_again(base::IfIndex interface) {
  for (auto at = impl_->listeners.lower_bound({interface, "", base::Family::ipv4});
       at != impl_->listeners.end() && at->first.interface == interface;) {
    const Where where = (at++)->first;  // close() may follow
    if (where.family == base::Family::ipv6 && !rejoins(where, impl_->listeners.at(where).socket.fd())) {
      close(where);
    }
  }
}

void Receiver::join_again() {
  std::set<base::IfIndex> interfaces;
  for (const auto& [where, listener] : impl_->listeners) {
    interfaces.insert(where.interface);
  }
  for (const base::IfIndex interface : interfaces) {
    join_again(interface);
  }
}

void Receiver::Impl::open(const Where& where) {
  net::RawSocket socket = open_socket(where);
  if (socket.error() != 0) {
    if (reported.emplace(where, socket.error()).second) {
      logger.write<kListenFailed>(where.name, family_name(where.family), std::strerror(socket.error()));
    }
    return;
  }
  std::erase_if(reported, [&](const auto& entry) { return entry.first == where; });
  watch(where, listeners.try_emplace(where, std::move(socket), loop, [this, where] { reopen(where); }).first->second);
}

void Receiver::Impl::watch(const Where& where, Listener& listener) {
  const int fd = listener.socket.fd();
  listener.watch.emplace(loop, fd, event::Watch::For::reading, [this, where, fd] { receive(where, fd); });
}

void Receiver::Impl::receive(const Where& where, int fd) {
  const base::Duration before = processor_time();
  const Load load = read(where, fd);
  if (load.packets != 0) {
    handlers.on_batch_end();
  }
  const auto listener = listeners.find(where);
  if (listener == listeners.end()) {
    return;  // one of the packets has ended that
  }
  listener->second.guard.after({.ended = event::monotonic_now(),
                                .took = processor_time() - before,
                                .refused = load.refused,
                                .more = load.more,
                                .crowd = crowd_with(listener->second)});
  follow(where, listener->second);
}

// What waits, within the limits of a turn: a daemon that was held up hears what has arrived before it concludes that
// nothing did.
Receiver::Impl::Load Receiver::Impl::read(const Where& where, int fd) {
  Load load;
  const base::TimePoint began = event::monotonic_now();
  const auto listener = listeners.find(where);
  const base::Duration at_most =
      kReceivingPerTurn / static_cast<std::int64_t>(listener == listeners.end() ? 1 : crowd_with(listener->second));
  for (int round = 0; round < kMaxBatchesPerTurn && read_batch(where, fd, load); ++round) {
    if (event::monotonic_now() - began >= at_most) {
      break;
    }
  }
  return load;
}

// Returns whether there may be more.
bool Receiver::Impl::read_batch(const Where& where, int fd, Load& load) {
  if (const int error = batch.receive(fd); error != 0 && error != EAGAIN && error != EINTR) {
    log_failure(where, error);
  }
  load.more = batch.is_full();
  if (batch.size() == 0) {
    return false;
  }
  timespec wall{};
  clock_gettime(CLOCK_REALTIME, &wall);
  arrival.set_now(event::monotonic_now(), duration_of(wall));
  for (std::size_t position = 0; position < batch.size(); ++position) {
    load.refused += concerns_us(where, batch.packet(position)) ? 0 : 1;
  }
  load.packets += batch.size();
  return load.more;
}

// Delivers it. False: Guard::Filter::ours would have dropped it.
bool Receiver::Impl::concerns_us(const Where& where, const net::ReceiveBatch::Packet& received) {
  const bool ipv4 = where.family == base::Family::ipv4;
  const packet::IpInfo ip = ipv4 ? ipv4_info(received.bytes) : ipv6_info(received);
  const ReceivedPacket packet{
      .interface = where.interface,
      .family = where.family,
      .when = arrival.of(received.ancillary.received),
      .ip = ip,
      .content = ipv4 ? packet::decode_ipv4(received.bytes) : packet::decode(ip, received.bytes)};
  const bool is_for_us = handlers.on_packet(packet);
  return is_for_us && (packet.content || packet.content.error().reason > packet::Drop::type);
}

// ---- floods

// The sockets that share what may be spent on floods.
std::size_t Receiver::Impl::crowd_with(const Listener& one) const { return one.has_filter() ? filters : filters + 1; }

void Receiver::Impl::reopen(const Where& where) {
  Listener& listener = listeners.at(where);  // its own timer says so
  listener.guard.advance(event::monotonic_now());
  follow(where, listener);
}

// Does what the guard wants.
void Receiver::Impl::follow(const Where& where, Listener& listener) {
  const base::TimePoint now = event::monotonic_now();
  if (listener.guard.filter() != listener.attached) {
    filters -= listener.has_filter() ? 1 : 0;
    listener.attached = listener.guard.filter();
    filters += listener.has_filter() ? 1 : 0;
    attach_filter(where, listener);
    log_flood(where, listener.attached);
  }
  if (listener.guard.pauses(now)) {
    listener.watch.reset();
  } else if (!listener.watch) {
    watch(where, listener);
  }
  if (const auto deadline = listener.guard.deadline(now)) {
    listener.timer.set(*deadline);
  }
}

void Receiver::Impl::attach_filter(const Where& where, Listener& listener) {
  net::FilterProgram program = net::accept_all();
  if (listener.has_filter()) {
    program = advert_filter(where.family, handlers.expected ? handlers.expected(where) : Expected{},
                            strangers_of(listener.attached));
  }
  if (const int error = net::attach(listener.socket.fd(), program);
      error != 0 && limit.pass(fmt::format("{} filter {}", where.name, error), event::monotonic_now())) {
    logger.write<kFilterRefused>(where.name, std::strerror(error));
  }
}

void Receiver::refresh(const Where& where) {
  if (const auto found = impl_->listeners.find(where); found != impl_->listeners.end() && found->second.has_filter()) {
    impl_->attach_filter(where, found->second);
  }
}

void Receiver::Impl::log_flood(const Where& where, Guard::Filter filter) {
  if (filter == Guard::Filter::none) {
    return;
  }
  const std::string key = fmt::format("{} {} {}", where.name, family_name(where.family), static_cast<int>(filter));
  const auto suppressed = flood_limit.pass(key, event::monotonic_now());
  if (!suppressed) {
    return;
  }
  logger.write<kFlooded>(where.name, family_name(where.family), what_is_dropped(filter),
                         *suppressed == 0 ? std::string() : fmt::format(" (for {} s)", *suppressed));
}

void Receiver::Impl::log_failure(const Where& where, int error) {
  const std::string key = fmt::format("{} {} {}", where.name, family_name(where.family), error);
  if (limit.pass(key, event::monotonic_now())) {
    logger.write<kReceiveFailed>(where.name, family_name(where.family), std::strerror(error));
  }
}

}  // namespace tandem::vrrpd::io
