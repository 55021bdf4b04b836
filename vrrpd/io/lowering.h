// SPDX-License-Identifier: Apache-2.0
// When macvlans are set down that are not used any more: those of virtual routers that were Master. The kernel holds
// its lock (RTNL) for 16 to 40 ms for each of them, and does not take less for several at once, as it does when it
// deletes them. So a while after the addresses are gone the kernel worker sets down one after the other, with pauses.
#pragma once

#include <functional>
#include <optional>

#include "lib/base/ids.h"
#include "lib/event/loop.h"

namespace tandem::vrrpd::io {

class Lowering {
 public:
  // A macvlan that is to be set down, if there is one and nothing else is to be done.
  using Next = std::function<std::optional<base::IfIndex>()>;
  using Begin = std::function<void(base::IfIndex)>;  // has it set down; on_done() tells the end, unless it is dropped
  Lowering(event::Loop& loop, Next next, Begin begin)
      : next_(std::move(next)), begin_(std::move(begin)), timer_(loop, [this] { on_timer(); }) {}

  // There may be one now, or the time may be right now: begins to wait if it does not wait already.
  void consider();
  base::IfIndex begun() const { return begun_; }  // the last macvlan; kNoInterface: none yet
  void on_done();
  void stop();

 private:
  void wait_for(base::Duration pause);
  void on_timer();

  Next next_;
  Begin begin_;
  event::Timer timer_;
  bool timer_is_set_ = false;
  base::IfIndex begun_ = base::kNoInterface;
};

}  // namespace tandem::vrrpd::io
