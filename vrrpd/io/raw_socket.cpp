// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/raw_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "lib/os/descriptors.h"
#include "vrrpd/io/limits.h"

namespace tandem::vrrpd::io {
namespace {

template <class T>
T payload_of(const cmsghdr& header) {
  T value{};
  if (header.cmsg_len >= CMSG_LEN(sizeof(T))) {
    std::memcpy(&value, CMSG_DATA(&header), sizeof(T));
  }
  return value;
}

void note(const cmsghdr& about, ShortPacket& packet) {
  if (about.cmsg_level == IPPROTO_IP && about.cmsg_type == IP_PKTINFO) {
    packet.interface = base::IfIndex{static_cast<std::uint32_t>(payload_of<in_pktinfo>(about).ipi_ifindex)};
  } else if (about.cmsg_level == IPPROTO_IPV6 && about.cmsg_type == IPV6_PKTINFO) {
    packet.interface = base::IfIndex{payload_of<in6_pktinfo>(about).ipi6_ifindex};
  } else if (about.cmsg_level == IPPROTO_IPV6 && about.cmsg_type == IPV6_HOPLIMIT) {
    packet.hop_limit = payload_of<int>(about);
  }
}

}  // namespace

RawSocket::RawSocket(base::Family family, int protocol)
    : fd_(socket(family == base::Family::ipv4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol)),
      error_(fd_ < 0 ? errno : 0) {
  if (fd_ >= 0 && !os::leaves_room(fd_, kDescriptorsKept)) {
    close(std::exchange(fd_, -1));
    error_ = EMFILE;
  }
}

RawSocket::RawSocket(RawSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)), error_(other.error_) {}

RawSocket& RawSocket::operator=(RawSocket&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(error_, other.error_);
  return *this;
}

RawSocket::~RawSocket() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

RawSocket& RawSocket::set(int level, int option, const void* value, std::size_t size) {
  if (error_ == 0 && setsockopt(fd_, level, option, value, static_cast<socklen_t>(size)) != 0) {
    error_ = errno;
  }
  return *this;
}

std::optional<ShortPacket> receive_short(int socket) {
  ShortPacket packet;
  alignas(cmsghdr) std::array<std::uint8_t, 128> control{};
  iovec part{packet.bytes.data(), packet.bytes.size()};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  const ssize_t size = recvmsg(socket, &header, MSG_DONTWAIT);
  if (size < 0) {
    return std::nullopt;
  }
  packet.size = static_cast<std::size_t>(size);
  for (const cmsghdr* about = CMSG_FIRSTHDR(&header); about != nullptr;
       about = CMSG_NXTHDR(&header, const_cast<cmsghdr*>(about))) {
    note(*about, packet);
  }
  return packet;
}

}  // namespace tandem::vrrpd::io
