// SPDX-License-Identifier: Apache-2.0
#include "lib/net/receive_batch.h"

#include <netinet/in.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace tandem::net {
namespace {

base::IpAddress address_of(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET6) {
    sockaddr_in6 ipv6{};
    std::memcpy(&ipv6, &address, sizeof(ipv6));
    return base::IpAddress::from_bytes(base::Bytes(ipv6.sin6_addr.s6_addr, sizeof(ipv6.sin6_addr.s6_addr)));
  }
  std::array<std::uint8_t, sizeof(in_addr)> bytes{};
  if (address.ss_family == AF_INET) {
    sockaddr_in ipv4{};
    std::memcpy(&ipv4, &address, sizeof(ipv4));
    std::memcpy(bytes.data(), &ipv4.sin_addr, bytes.size());
  }
  return base::IpAddress::from_bytes(bytes);
}

}  // namespace

ReceiveBatch::ReceiveBatch(std::size_t packets, std::size_t packet_size)
    : bytes_(std::make_unique_for_overwrite<std::uint8_t[]>(packets * packet_size)),
      slots_(packets),
      messages_(packets),
      packet_size_(packet_size) {
  prepare(packets);
}

// The kernel writes lengths into the headers: those of the first `count` messages are set again.
void ReceiveBatch::prepare(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    Slot& slot = slots_[i];
    slot.part = {bytes_.get() + i * packet_size_, packet_size_};
    messages_[i] = {};
    msghdr& header = messages_[i].msg_hdr;
    header.msg_name = &slot.source;
    header.msg_namelen = sizeof(slot.source);
    header.msg_iov = &slot.part;
    header.msg_iovlen = 1;
    header.msg_control = slot.control.data();
    header.msg_controllen = slot.control.size();
  }
}

int ReceiveBatch::receive(int socket) {
  prepare(std::exchange(received_, 0));
  const int count = recvmmsg(socket, messages_.data(), static_cast<unsigned>(messages_.size()), MSG_DONTWAIT, nullptr);
  if (count < 0) {
    return errno;
  }
  received_ = static_cast<std::size_t>(count);
  return 0;
}

ReceiveBatch::Packet ReceiveBatch::packet(std::size_t position) const {
  const mmsghdr& message = messages_[position];
  return {.bytes = base::Bytes(bytes_.get() + position * packet_size_, message.msg_len),
          .source = address_of(slots_[position].source),
          .ancillary = ancillary_of(message.msg_hdr)};
}

}  // namespace tandem::net
