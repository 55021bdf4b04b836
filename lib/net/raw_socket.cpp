// SPDX-License-Identifier: Apache-2.0
#include "lib/net/raw_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

#include "lib/net/ancillary.h"
#include "lib/os/descriptors.h"

namespace tandem::net {

RawSocket::RawSocket(base::Family family, int protocol, std::size_t reserved)
    : fd_(socket(family == base::Family::ipv4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol)),
      error_(fd_.is_open() ? 0 : errno) {
  if (fd_.is_open() && !os::leaves_room(fd_.get(), reserved)) {
    fd_.reset();
    error_ = EMFILE;
  }
}

RawSocket& RawSocket::set(int level, int option, const void* value, std::size_t size) {
  if (error_ == 0 && setsockopt(fd_.get(), level, option, value, static_cast<socklen_t>(size)) != 0) {
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
  const Ancillary about = ancillary_of(header);
  packet.interface = about.interface;
  packet.hop_limit = about.hop_limit;
  return packet;
}

}  // namespace tandem::net
