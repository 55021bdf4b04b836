// SPDX-License-Identifier: Apache-2.0
// Raw IP sockets: the steps that set one up, and the reception of packets of which only the beginning counts.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "lib/base/ids.h"
#include "lib/base/ip.h"
#include "lib/os/fd.h"

namespace tandem::net {

// A raw socket that does not block, or the reason why there is none.
class RawSocket {
 public:
  // Fails with EMFILE unless `reserved` more descriptors can be opened after this one.
  RawSocket(base::Family family, int protocol, std::size_t reserved);

  int fd() const { return fd_.get(); }
  int error() const { return error_; }  // errno value of the first step that failed, 0: all is well

  // Sets a socket option, unless a step has failed before.
  template <class T>
  RawSocket& set(int level, int option, const T& value) {
    return set(level, option, &value, sizeof(value));
  }
  RawSocket& set(int level, int option, const void* value, std::size_t size);

 private:
  os::FileDescriptor fd_;
  int error_;
};

struct ShortPacket {
  std::array<std::uint8_t, 64> bytes{};  // IPv4: from the IP header on; IPv6: from its payload on
  std::size_t size = 0;                  // of these, as received
  base::IfIndex interface = base::kNoInterface;
  int hop_limit = 0;  // IPv6, with IPV6_RECVHOPLIMIT
};
// The next packet that waits, none: there is none, or it cannot be read. The socket has IP_PKTINFO or IPV6_RECVPKTINFO.
std::optional<ShortPacket> receive_short(int socket);

}  // namespace tandem::net
