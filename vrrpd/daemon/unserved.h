// SPDX-License-Identifier: Apache-2.0
// Virtual routers that were Master without having one of their addresses: the kernel had refused them all. Such a
// Master is worse than none, for it keeps others from becoming it. After a second it stays out of the election, and
// tries again when something has changed, or now and then.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "lib/event/loop.h"
#include "lib/log/log.h"
#include "vrrpd/core/types.h"

namespace tandem::vrrpd::daemon {

class Unserved {
 public:
  // Runs from the loop: is_out() has changed.
  using Changed = std::function<void(core::RouterId)>;
  Unserved(event::Loop& loop, log::Logger& logger, Changed changed);

  struct Failure {
    core::RouterId id;
    std::string name;  // for the log
    std::string reason;
  };
  // As Master it has none of its addresses. May be called repeatedly while that lasts.
  void failed(Failure failure, base::TimePoint now);
  // It has some, or what it failed for may have changed, or it is gone.
  void pardon(core::RouterId id);

  bool is_out(core::RouterId id) const;
  std::string reason(core::RouterId id) const;  // why it is out; empty: it is not

 private:
  enum class Phase {
    grace,  // the kernel may do it in a moment
    out,
    trial,  // may be Master again
  };
  struct Case {
    Failure failure{};
    Phase phase;
    base::TimePoint until{};
    std::chrono::seconds pause;  // the next time it is out
  };

  void on_timer();
  void wait_until(core::RouterId id, Case& one, base::TimePoint until);
  void drop_deadline(core::RouterId id, const Case& one);
  void set_timer();

  log::Logger& logger_;
  Changed changed_;
  std::map<core::RouterId, Case> cases_;
  std::set<std::pair<base::TimePoint, core::RouterId>> deadlines_;  // of those that are not on trial
  event::Timer timer_;
};

}  // namespace tandem::vrrpd::daemon
