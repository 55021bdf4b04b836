// SPDX-License-Identifier: Apache-2.0
// Which transitions get a line of the log each, and which are summed up: a virtual router that flaps, for instance
// because its interval is too short for the load of the machine (RFC 9568 §2.5), must be seen in the log and not fill
// it (R77). Its history has all of them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "lib/base/time.h"
#include "vrrpd/core/types.h"

namespace tandem::vrrpd::daemon {

class TransitionLimit {
 public:
  // Whether this one gets a line: the first kTransitionLines within kTransitionInterval do (limits.h).
  bool pass(core::RouterId id, base::TimePoint now);

  struct Summary {
    core::RouterId id;
    std::uint64_t count;  // of transitions without a line
    base::Duration span;  // within which they happened
  };
  // When there is something to sum up; nothing: there is not.
  std::optional<base::TimePoint> deadline() const;
  // What is due. A router that goes on to flap gets a summary every interval, and no more lines in between.
  std::vector<Summary> take_due(base::TimePoint now);
  void forget(core::RouterId id) { windows_.erase(id); }

 private:
  struct Window {
    base::TimePoint began;
    int lines;
    std::uint64_t without_line = 0;
  };
  std::map<core::RouterId, Window> windows_;
};

}  // namespace tandem::vrrpd::daemon
