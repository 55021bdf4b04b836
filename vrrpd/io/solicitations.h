// SPDX-License-Identifier: Apache-2.0
// Hears the router solicitations of hosts (RFC 4861 §4.1) on interfaces where a Master advertises itself as their
// router: one raw ICMPv6 socket for all of them, which lets nothing else through and is a member of ff02::2 there.
#pragma once

#include <functional>
#include <optional>
#include <set>

#include "lib/base/ids.h"
#include "lib/event/loop.h"
#include "lib/log/log.h"
#include "lib/os/fd.h"

namespace tandem::vrrpd::io {

class SolicitationReceiver {
 public:
  using Handler = std::function<void(base::IfIndex interface)>;
  SolicitationReceiver(event::Loop& loop, log::Logger& logger, Handler on_solicitation);

  // Does nothing if it listens there already. A failure is logged: hosts then wait for the next advertisement.
  void listen(base::IfIndex interface);
  void close(base::IfIndex interface);

 private:
  bool open();
  void read();

  event::Loop& loop_;
  log::Logger& logger_;
  Handler on_solicitation_;
  std::set<base::IfIndex> interfaces_;
  os::FileDescriptor socket_;
  std::optional<event::Watch> watch_;  // after the socket: it goes first
};

}  // namespace tandem::vrrpd::io
