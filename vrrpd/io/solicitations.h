// SPDX-License-Identifier: Apache-2.0
// Hears the router solicitations of hosts (RFC 4861 §4.1) on interfaces where a Master advertises itself as their
// router: one raw ICMPv6 socket for all of them, which lets nothing else through and is a member of ff02::2 there. What
// need not be heard (ears.h) is dropped in the kernel, by a filter (socket_filters.h).
#pragma once

#include <functional>
#include <optional>

#include "lib/base/ids.h"
#include "lib/event/loop.h"
#include "lib/log/log.h"
#include "lib/net/raw_socket.h"
#include "vrrpd/io/ears.h"

namespace tandem::vrrpd::io {

class SolicitationReceiver {
 public:
  using Handler = std::function<void(base::IfIndex interface)>;
  SolicitationReceiver(event::Loop& loop, log::Logger& logger, Handler on_solicitation);

  // Does nothing if it listens there already. A failure is logged: hosts then wait for the next advertisement. The
  // filter lets that interface through from the next turn on.
  void listen(base::IfIndex interface);
  void close(base::IfIndex interface);

 private:
  bool open();
  void read();
  void on_time();
  void tell_filter();
  void set_timer();

  event::Loop& loop_;
  log::Logger& logger_;
  Handler on_solicitation_;
  Ears ears_;
  event::Timer timer_;  // for those who have asked while it was deaf, and for the filter
  std::optional<net::RawSocket> socket_;
  std::optional<event::Watch> watch_;  // after the socket: it goes first
};

}  // namespace tandem::vrrpd::io
