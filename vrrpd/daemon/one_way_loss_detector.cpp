// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/one_way_loss_detector.h"

#include <algorithm>

#include "vrrpd/daemon/limits.h"

namespace tandem::vrrpd::daemon {

bool OneWayLossDetector::lost(core::RouterId id, base::Duration interval, base::TimePoint now) {
  Row& row = rows_.try_emplace(id, Row{.last = now, .count = 0}).first->second;
  if (now - row.last > kOneWayLossPause * interval) {
    row.count = 0;
  }
  row = {.last = now, .count = std::min(row.count + 1, kOneWayLossAdverts)};
  return row.count == kOneWayLossAdverts;
}

}  // namespace tandem::vrrpd::daemon
