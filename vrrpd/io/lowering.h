// SPDX-License-Identifier: Apache-2.0
// A thread that sets macvlans down which are not used any more: those of virtual routers that were Master. The kernel
// holds its lock (RTNL) for 16 to 40 ms for each of them, and does not take less for several at once, as it does when
// it deletes them. So a while after the addresses are gone it is done for one after the other, with pauses, and given
// up whenever there is something else to do.
#pragma once

#include <functional>
#include <optional>

#include "lib/base/ids.h"
#include "lib/base/result.h"
#include "vrrpd/io/background.h"

namespace tandem::vrrpd::io {

class Lowering {
 public:
  using Thread = Background<base::IfIndex, base::Result<>>;
  // A macvlan that is to be set down, if there is one and the time is right.
  using Next = std::function<std::optional<base::IfIndex>()>;
  Lowering(event::Loop& loop, Thread::Execute execute, Next next, Thread::Done on_done);

  // There may be one now, or the time may be right now: begins to wait if it does not wait already.
  void consider();
  // What has not begun is given up. A thread that changes interfaces calls this first and then await_end(), from
  // whatever thread: or a macvlan would be set down after it was set up for a new Master.
  void give_up() { thread_.give_up(); }
  void await_end() { thread_.await_end(); }
  void stop();

 private:
  void on_timer();

  Next next_;
  Thread::Done on_done_;
  Thread thread_;
  event::Timer timer_;
  bool timer_is_set_ = false;
};

// With a socket of its own, on whatever thread it is called.
Lowering::Thread::Execute lower_by_netlink();

}  // namespace tandem::vrrpd::io
