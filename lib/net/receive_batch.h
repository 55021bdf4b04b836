// SPDX-License-Identifier: Apache-2.0
// Receives datagrams in batches, one recvmmsg() for each. The buffers are allocated once, and may serve several sockets
// in turn. For one thread.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/ip.h"
#include "lib/net/ancillary.h"

namespace tandem::net {

class ReceiveBatch {
 public:
  struct Packet {
    base::Bytes bytes;       // valid until the next receive(); a raw IPv4 socket yields the IP header, too
    base::IpAddress source;  // 0.0.0.0 if the socket's family is neither IPv4 nor IPv6
    Ancillary ancillary;
  };

  // `packets`: the most in one batch. `packet_size`: what exceeds it is cut off.
  ReceiveBatch(std::size_t packets, std::size_t packet_size);
  ReceiveBatch(const ReceiveBatch&) = delete;
  ReceiveBatch& operator=(const ReceiveBatch&) = delete;

  // Takes packets that wait at the socket; does not block. Returns errno's value, 0: size() packets were received.
  int receive(int socket);
  std::size_t size() const { return received_; }
  bool is_full() const { return received_ == slots_.size(); }  // more packets may wait
  Packet packet(std::size_t position) const;                   // precondition: position < size()

 private:
  static constexpr std::size_t kControlSize = 256;  // receive time, TTL, arrival interface

  struct Slot {
    alignas(cmsghdr) std::array<std::uint8_t, kControlSize> control;
    sockaddr_storage source;
    iovec part;
  };

  void prepare(std::size_t count);

  std::unique_ptr<std::uint8_t[]> bytes_;  // packet_size_ of each slot
  std::vector<Slot> slots_;
  std::vector<mmsghdr> messages_;
  std::size_t packet_size_;
  std::size_t received_ = 0;
};

}  // namespace tandem::net
