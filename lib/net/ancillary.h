// SPDX-License-Identifier: Apache-2.0
// What the kernel says beside a received packet: ancillary data, cmsg(3).
#pragma once

#include <sys/socket.h>

#include <optional>

#include "lib/base/ids.h"
#include "lib/base/ip.h"
#include "lib/net/arrival.h"

namespace tandem::net {

// Each value is there if the socket has the option that is named beside it.
struct Ancillary {
  std::optional<Arrival::WallTime> received{};   // SO_TIMESTAMPNS
  base::IfIndex interface = base::kNoInterface;  // IP_PKTINFO, IPV6_RECVPKTINFO
  std::optional<base::IpAddress> destination{};  // IPV6_RECVPKTINFO; of IPv4 the packet's header has it
  int hop_limit = 0;                             // IPV6_RECVHOPLIMIT
};

// Of a message that recvmsg() has filled. Data of other kinds, or too short for their kind, are ignored.
Ancillary ancillary_of(const msghdr& message);

}  // namespace tandem::net
