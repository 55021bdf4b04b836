// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/guard.h"

#include <algorithm>
#include <cstdint>

#include "vrrpd/io/limits.h"

namespace tandem::vrrpd::io {

void Guard::after(const Turn& turn) {
  advance(turn.ended);
  if (!window_end_) {
    window_end_ = turn.ended + kGuardWindow;
  }
  const auto crowd = static_cast<std::int64_t>(turn.crowd);
  spent_ += turn.took;
  refused_ += turn.refused;
  if (refused_ >= kRefusedPerWindow) {
    filter_ = std::max(filter_, Filter::ours);
  }
  if (spent_ * crowd >= (flooded_before_ ? kReceivingOnceFlooded : kReceivingPerWindow)) {
    filter_ = std::max(filter_, Filter::winning);
  }
  if (spent_ * crowd >= kReceivingPerWindow + kReceivingPerWindow / 2) {
    filter_ = Filter::known;
  }
  if (spent_ * crowd >= 2 * kReceivingPerWindow && turn.more) {
    paused_until_ = turn.ended + kPauseFactor * crowd * turn.took;
  }
}

void Guard::advance(base::TimePoint now) {
  if (window_end_ && now >= *window_end_) {
    const bool flooded = filter_ >= Filter::winning;
    *this = {};
    flooded_before_ = flooded;
  }
}

std::optional<base::TimePoint> Guard::deadline(base::TimePoint now) const {
  if (filter_ == Filter::none) {
    return std::nullopt;
  }
  return pauses(now) ? std::min(paused_until_, *window_end_) : *window_end_;
}

}  // namespace tandem::vrrpd::io
