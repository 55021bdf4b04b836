// SPDX-License-Identifier: Apache-2.0
// Hears VRRP behind an authentication header (IPsec AH, IP protocol 51; keepalived's `auth_type AH`), which RFC 3768
// has done away with and no router here understands (X6): only to name the neighbour that sends it. One raw socket for
// all interfaces, with a filter (socket_filters.h); it reads little, and seldom.
#pragma once

#include <functional>
#include <optional>

#include "lib/base/ids.h"
#include "lib/base/ip.h"
#include "lib/event/loop.h"
#include "lib/log/log.h"
#include "lib/net/raw_socket.h"

namespace tandem::vrrpd::io {

class AuthenticatedReceiver {
 public:
  using Handler = std::function<void(base::IfIndex interface, const base::IpAddress& source)>;
  AuthenticatedReceiver(event::Loop& loop, log::Logger& logger, Handler on_packet);

  // Does nothing if it listens already. It hears what arrives at interfaces where a Receiver is a member of the group.
  // A failure is logged once.
  void listen();

 private:
  void watch();
  void read();

  event::Loop& loop_;
  log::Logger& logger_;
  Handler on_packet_;
  event::Timer timer_;
  bool tried_ = false;
  std::optional<net::RawSocket> socket_;
  std::optional<event::Watch> watch_;  // after the socket: it goes first
};

}  // namespace tandem::vrrpd::io
