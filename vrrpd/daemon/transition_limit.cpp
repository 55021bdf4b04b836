// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/transition_limit.h"

#include <algorithm>

#include "vrrpd/daemon/limits.h"

namespace tandem::vrrpd::daemon {

bool TransitionLimit::pass(core::RouterId id, base::TimePoint now) {
  Window& window = windows_.try_emplace(id, Window{.began = now, .lines = 0}).first->second;
  if (window.without_line == 0 && now - window.began >= kTransitionInterval) {
    window = {.began = now, .lines = 0};
  }
  if (window.lines < kTransitionLines) {
    ++window.lines;
    return true;
  }
  ++window.without_line;
  return false;
}

std::optional<base::TimePoint> TransitionLimit::deadline() const {
  std::optional<base::TimePoint> earliest;
  for (const auto& [id, window] : windows_) {
    if (window.without_line != 0 && (!earliest || window.began + kTransitionInterval < *earliest)) {
      earliest = window.began + kTransitionInterval;
    }
  }
  return earliest;
}

std::vector<TransitionLimit::Summary> TransitionLimit::take_due(base::TimePoint now) {
  std::vector<Summary> due;
  for (auto& [id, window] : windows_) {
    if (window.without_line != 0 && now - window.began >= kTransitionInterval) {
      due.push_back({id, window.without_line, now - window.began});
      window = {.began = now, .lines = kTransitionLines};
    }
  }
  std::erase_if(windows_, [now](const auto& entry) {
    return entry.second.without_line == 0 && now - entry.second.began >= kTransitionInterval;
  });
  return due;
}

}  // namespace tandem::vrrpd::daemon
