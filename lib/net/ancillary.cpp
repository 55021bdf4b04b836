// SPDX-License-Identifier: Apache-2.0
#include "lib/net/ancillary.h"

#include <netinet/in.h>
#include <time.h>

#include <cstring>

namespace tandem::net {
namespace {

template <class T>
std::optional<T> payload_of(const cmsghdr& header) {
  if (header.cmsg_len < CMSG_LEN(sizeof(T))) {
    return std::nullopt;
  }
  T value;
  std::memcpy(&value, CMSG_DATA(&header), sizeof(T));
  return value;
}

void note(const cmsghdr& header, Ancillary& ancillary) {
  if (header.cmsg_level == SOL_SOCKET && header.cmsg_type == SCM_TIMESTAMPNS) {
    if (const auto stamp = payload_of<timespec>(header)) {
      ancillary.received = std::chrono::seconds(stamp->tv_sec) + Arrival::WallTime(stamp->tv_nsec);
    }
  } else if (header.cmsg_level == IPPROTO_IP && header.cmsg_type == IP_PKTINFO) {
    if (const auto info = payload_of<in_pktinfo>(header)) {
      ancillary.interface = base::IfIndex{static_cast<std::uint32_t>(info->ipi_ifindex)};
    }
  } else if (header.cmsg_level == IPPROTO_IPV6 && header.cmsg_type == IPV6_PKTINFO) {
    if (const auto info = payload_of<in6_pktinfo>(header)) {
      ancillary.interface = base::IfIndex{info->ipi6_ifindex};
      ancillary.destination =
          base::IpAddress::from_bytes(base::Bytes(info->ipi6_addr.s6_addr, sizeof(info->ipi6_addr.s6_addr)));
    }
  } else if (header.cmsg_level == IPPROTO_IPV6 && header.cmsg_type == IPV6_HOPLIMIT) {
    ancillary.hop_limit = payload_of<int>(header).value_or(0);
  }
}

}  // namespace

Ancillary ancillary_of(const msghdr& message) {
  Ancillary ancillary;
  msghdr walked = message;  // CMSG_NXTHDR takes no constant one
  for (cmsghdr* header = CMSG_FIRSTHDR(&walked); header != nullptr; header = CMSG_NXTHDR(&walked, header)) {
    note(*header, ancillary);
  }
  return ancillary;
}

}  // namespace tandem::net
