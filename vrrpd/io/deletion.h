// SPDX-License-Identifier: Apache-2.0
// Deletes macvlans that no router wants, on the background worker: it takes the kernel 16 ms and more (decision 0009),
// most of it asleep (RCU), part of it with its lock for all changes of interfaces (RTNL). Many together take little
// longer than one, so they are deleted in bunches; between two bunches the next thread that waits for RTNL gets it.
#pragma once

#include <functional>
#include <optional>

#include "lib/base/result.h"
#include "lib/event/loop.h"
#include "vrrpd/io/background.h"
#include "vrrpd/io/names.h"

namespace tandem::vrrpd::io {

class Deletion {
 public:
  struct Actions {
    std::function<std::optional<LinkGroups>()> next;  // the link groups, if there is anything to delete now
    std::function<void(const base::Result<>&)> on_done;
  };
  Deletion(event::Loop& loop, event::Worker& worker, Actions actions);

  void wait_for(base::Duration pause);  // begins after that; replaces an earlier call
  bool is_waiting() const { return is_waiting_; }
  bool is_running() const { return deleter_.under_way() > 0; }
  void stop();  // the worker has to be stopped, too

 private:
  static constexpr std::size_t kRank = 2;

  void on_timer();

  Actions actions_;
  event::Timer timer_;
  bool is_waiting_ = false;
  Background<LinkGroups, base::Result<>> deleter_;
};

}  // namespace tandem::vrrpd::io
