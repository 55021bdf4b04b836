// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/work_queue.h"

namespace tandem::vrrpd::io {

void WorkQueue::add(WorkItem item, Urgency urgency) {
  remove(item);
  by_urgency_.emplace(urgency, item);
  urgencies_.emplace(item, urgency);
}

void WorkQueue::remove(WorkItem item) {
  if (const auto known = urgencies_.find(item); known != urgencies_.end()) {
    by_urgency_.erase({known->second, item});
    urgencies_.erase(known);
  }
}

std::optional<WorkItem> WorkQueue::take(Urgency minimum) {
  if (!has(minimum)) {
    return std::nullopt;
  }
  const WorkItem first = by_urgency_.begin()->second;
  remove(first);
  return first;
}

}  // namespace tandem::vrrpd::io
