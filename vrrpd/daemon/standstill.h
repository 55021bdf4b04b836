// SPDX-License-Identifier: Apache-2.0
// Which virtual routers are in Initialize without the log saying why: those that have been since the daemon began, and
// those whose reason is another one by now. Each reason gets one line, when it has lasted for a moment: that macvlans
// are made and that addresses are checked for duplicates passes.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/time.h"
#include "vrrpd/core/types.h"

namespace tandem::vrrpd::daemon {

class Standstill {
 public:
  // The router is in Initialize, and something about it may have changed.
  void note(core::RouterId id, base::TimePoint now);
  // It is no longer, or it is no more.
  void forget(core::RouterId id);

  // When to look at routers again, and at which.
  std::optional<base::TimePoint> deadline() const;
  std::vector<core::RouterId> take_due(base::TimePoint now);

  // Whether the reason is to be logged: it is not what was said last. From then on it has been said.
  bool say(core::RouterId id, const std::string& reason, base::TimePoint now);

 private:
  struct Router {
    std::optional<base::TimePoint> due{};
    std::string said{};
    std::optional<base::TimePoint> said_at{};
  };

  void unschedule(core::RouterId id, Router& router);

  std::map<core::RouterId, Router> routers_;
  std::set<std::pair<base::TimePoint, core::RouterId>> schedule_;
};

}  // namespace tandem::vrrpd::daemon
