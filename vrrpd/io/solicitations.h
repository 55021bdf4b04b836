// SPDX-License-Identifier: Apache-2.0
// Hears the router solicitations of hosts (RFC 4861 §4.1) on interfaces where a Master advertises itself as their
// router: one raw ICMPv6 socket for all of them, which lets nothing else through and is a member of ff02::2 there.
// Answers are multicast and limited (RFC 4861 §6.2.6), so one solicitation speaks for all of the next half second: a
// second one is remembered, and further ones are dropped in the kernel, by a filter (bpf.h).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

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
  struct Ear {
    base::TimePoint deaf_until{};
    bool asked = false;  // since it is deaf
  };

  bool open();
  void read();
  void on_time();
  void heard(base::IfIndex interface, Ear& ear);
  void tell_filter();

  event::Loop& loop_;
  log::Logger& logger_;
  Handler on_solicitation_;
  std::map<base::IfIndex, Ear> ears_;
  event::Timer timer_;  // for those who have asked while it was deaf
  os::FileDescriptor socket_;
  std::optional<event::Watch> watch_;  // after the socket: it goes first
};

}  // namespace tandem::vrrpd::io
