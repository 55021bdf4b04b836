// SPDX-License-Identifier: Apache-2.0
// Owners of libnl objects, for the .cpp files of this folder only. The deleters have no state, so a handle is as large
// as a pointer.
#pragma once

#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include <memory>

namespace tandem::netlink {

struct FreeSocket {
  void operator()(nl_sock* socket) const { nl_socket_free(socket); }
};
struct FreeMessage {
  void operator()(nl_msg* message) const { nlmsg_free(message); }
};

using SocketHandle = std::unique_ptr<nl_sock, FreeSocket>;
using MessageHandle = std::unique_ptr<nl_msg, FreeMessage>;

static_assert(sizeof(SocketHandle) == sizeof(nl_sock*));

}  // namespace tandem::netlink
