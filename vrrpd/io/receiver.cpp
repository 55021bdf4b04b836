// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/receiver.h"

#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <set>
#include <utility>

#include "lib/log/rate_limit.h"
#include "vrrpd/io/arrival.h"
#include "vrrpd/io/messages.h"

namespace tandem::vrrpd::io {
namespace {

constexpr std::chrono::seconds kLogInterval{10};
constexpr std::size_t kMaxLogKeys = 64;
constexpr int kQueueBytes = 4 << 20;    // adverts of 255 virtual routers, several times over
constexpr std::size_t kBatch = 64;      // packets in one recvmmsg()
constexpr int kMaxBatchesPerTurn = 16;  // then the other descriptors have their turn
constexpr std::size_t kPacketSize =
    60 + 8 + 255 * 16;                     // largest header and message; a longer one fails its checks anyway
constexpr std::size_t kControlSize = 256;  // ancillary data: receive time, TTL, arrival interface

std::string_view family_name(base::Family family) { return base::to_string(family); }

// One batch of packets with its ancillary data: allocated once, used by all sockets in turn.
struct Buffers {
  struct Slot {
    std::array<std::uint8_t, kPacketSize> packet;
    alignas(cmsghdr) std::array<std::uint8_t, kControlSize> control;
    sockaddr_storage source;
    iovec part;
  };
  std::array<Slot, kBatch> slots;
  std::array<mmsghdr, kBatch> messages;

  void prepare() {
    for (std::size_t i = 0; i < kBatch; ++i) {
      Slot& slot = slots[i];
      slot.part = {slot.packet.data(), slot.packet.size()};
      messages[i] = {};
      msghdr& header = messages[i].msg_hdr;
      header.msg_name = &slot.source;
      header.msg_namelen = sizeof(slot.source);
      header.msg_iov = &slot.part;
      header.msg_iovlen = 1;
      header.msg_control = slot.control.data();
      header.msg_controllen = slot.control.size();
    }
  }
};

// What the kernel says beside a packet.
struct Ancillary {
  std::optional<timespec> received;
  int hop_limit = 0;
  std::optional<base::IpAddress> destination;
};

template <class T>
std::optional<T> payload_of(const cmsghdr& header) {
  if (header.cmsg_len < CMSG_LEN(sizeof(T))) {
    return std::nullopt;
  }
  T value;
  std::memcpy(&value, CMSG_DATA(&header), sizeof(T));
  return value;
}

base::IpAddress address_of(const in6_addr& address) {
  return base::IpAddress::from_bytes(base::Bytes(address.s6_addr, sizeof(address.s6_addr)));
}

Ancillary ancillary_of(msghdr& message) {
  Ancillary result;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_TIMESTAMPNS) {
      result.received = payload_of<timespec>(*header);
    } else if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_HOPLIMIT) {
      result.hop_limit = payload_of<int>(*header).value_or(0);
    } else if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO) {
      if (const auto info = payload_of<in6_pktinfo>(*header)) {
        result.destination = address_of(info->ipi6_addr);
      }
    }
  }
  return result;
}

std::optional<Arrival::WallTime> duration_of(const std::optional<timespec>& time) {
  return time ? std::optional(std::chrono::seconds(time->tv_sec) + Arrival::WallTime(time->tv_nsec)) : std::nullopt;
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

packet::IpInfo ipv6_info(const sockaddr_storage& source, const Ancillary& ancillary) {
  sockaddr_in6 from{};
  std::memcpy(&from, &source, sizeof(from));
  return {.source = address_of(from.sin6_addr),
          .destination = ancillary.destination.value_or(base::IpAddress(base::Family::ipv6)),
          .ttl = static_cast<std::uint8_t>(std::clamp(ancillary.hop_limit, 0, 255))};
}

// A raw socket, or the reason why there is none.
class RawSocket {
 public:
  explicit RawSocket(base::Family family)
      : fd_(socket(family == base::Family::ipv4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
                   packet::kIpProtocolVrrp)),
        error_(fd_ < 0 ? errno : 0) {}
  RawSocket(RawSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)), error_(other.error_) {}
  RawSocket& operator=(RawSocket&&) = delete;
  ~RawSocket() {
    if (fd_ >= 0) {
      close(fd_);
    }
  }

  int fd() const { return fd_; }
  int error() const { return error_; }  // errno value of the first step that failed, 0: all is well

  template <class T>
  RawSocket& set(int level, int option, const T& value) {
    return set(level, option, &value, sizeof(value));
  }
  RawSocket& set(int level, int option, const void* value, std::size_t size) {
    if (error_ == 0 && setsockopt(fd_, level, option, value, static_cast<socklen_t>(size)) != 0) {
      error_ = errno;
    }
    return *this;
  }

 private:
  int fd_;
  int error_;
};

// R82. A raw socket of protocol 112 hears nothing else (X6).
void join(RawSocket& socket, const Receiver::Where& where) {
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

RawSocket open_socket(const Receiver::Where& where) {
  RawSocket socket(where.family);
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

}  // namespace

struct Receiver::Impl {
  Impl(event::Loop& loop_in, log::Logger& logger_in, PacketHandler on_packet_in, event::Handler on_batch_end_in)
      : loop(loop_in),
        logger(logger_in),
        on_packet(std::move(on_packet_in)),
        on_batch_end(std::move(on_batch_end_in)),
        limit(kLogInterval, kMaxLogKeys),
        buffers(std::make_unique<Buffers>()) {}

  struct Listener {
    RawSocket socket;
    event::Watch watch;
  };

  void open(const Where& where);
  void receive(const Where& where, int fd);
  void deliver(const Where& where, std::size_t slot);
  void log_failure(const Where& where, int error);

  event::Loop& loop;
  log::Logger& logger;
  Arrival arrival;
  PacketHandler on_packet;
  event::Handler on_batch_end;
  log::RateLimit limit;
  std::unique_ptr<Buffers> buffers;
  std::map<Where, Listener> listeners;
  std::set<std::pair<Where, int>> reported;  // with the errno value
};

Receiver::Receiver(event::Loop& loop, log::Logger& logger, PacketHandler on_packet, event::Handler on_batch_end)
    : impl_(std::make_unique<Impl>(loop, logger, std::move(on_packet), std::move(on_batch_end))) {}
Receiver::~Receiver() = default;

void Receiver::listen(const Where& where) {
  if (!impl_->listeners.contains(where)) {
    impl_->open(where);
  }
}

void Receiver::close(const Where& where) {
  impl_->listeners.erase(where);
  std::erase_if(impl_->reported, [&](const auto& entry) { return entry.first == where; });
}

void Receiver::Impl::open(const Where& where) {
  RawSocket socket = open_socket(where);
  if (socket.error() != 0) {
    if (reported.emplace(where, socket.error()).second) {
      logger.write<kListenFailed>(where.name, family_name(where.family), std::strerror(socket.error()));
    }
    return;
  }
  std::erase_if(reported, [&](const auto& entry) { return entry.first == where; });
  const int fd = socket.fd();
  event::Watch watch(loop, fd, event::Watch::For::reading, [this, where, fd] { receive(where, fd); });
  listeners.emplace(where, Listener{std::move(socket), std::move(watch)});
}

void Receiver::Impl::receive(const Where& where, int fd) {
  bool any = false;
  for (int batch = 0; batch < kMaxBatchesPerTurn; ++batch) {
    buffers->prepare();
    const int count = recvmmsg(fd, buffers->messages.data(), kBatch, MSG_DONTWAIT, nullptr);
    if (count < 0 && errno != EAGAIN && errno != EINTR) {
      log_failure(where, errno);
    }
    if (count <= 0) {
      break;
    }
    timespec wall{};
    clock_gettime(CLOCK_REALTIME, &wall);
    arrival.set_now(event::monotonic_now(), *duration_of(wall));
    for (std::size_t slot = 0; slot < static_cast<std::size_t>(count); ++slot) {
      deliver(where, slot);
    }
    any = true;
    if (static_cast<std::size_t>(count) < kBatch) {
      break;
    }
  }
  if (any) {
    on_batch_end();
  }
}

void Receiver::Impl::deliver(const Where& where, std::size_t slot) {
  mmsghdr& message = buffers->messages[slot];
  const base::Bytes bytes = base::Bytes(buffers->slots[slot].packet).first(message.msg_len);
  const Ancillary ancillary = ancillary_of(message.msg_hdr);
  const base::TimePoint when = arrival.of(duration_of(ancillary.received));
  if (where.family == base::Family::ipv4) {
    on_packet({where.interface, where.family, when, ipv4_info(bytes), packet::decode_ipv4(bytes)});
  } else {
    const packet::IpInfo ip = ipv6_info(buffers->slots[slot].source, ancillary);
    on_packet({where.interface, where.family, when, ip, packet::decode(ip, bytes)});
  }
}

void Receiver::Impl::log_failure(const Where& where, int error) {
  const std::string key = fmt::format("{} {} {}", where.name, family_name(where.family), error);
  if (limit.pass(key, event::monotonic_now())) {
    logger.write<kReceiveFailed>(where.name, family_name(where.family), std::strerror(error));
  }
}

}  // namespace tandem::vrrpd::io
