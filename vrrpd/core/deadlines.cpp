// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/core/deadlines.h"

namespace tandem::vrrpd::core {

void Deadlines::push(Entry entry) {
  heap_.push_back(entry);
  std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
}

void Deadlines::pop() {
  const Entry last = heap_.back();
  heap_.pop_back();
  if (!heap_.empty()) {
    sift_down(last);
  }
}

void Deadlines::replace_top(TimePoint later) { sift_down({later, heap_.front().id}); }

// Puts `entry` where the top was, and lower until it is in order.
void Deadlines::sift_down(Entry entry) {
  std::size_t hole = 0;
  for (std::size_t child = 1; child < heap_.size(); child = 2 * hole + 1) {
    if (child + 1 < heap_.size() && heap_[child + 1] < heap_[child]) {
      ++child;
    }
    if (entry < heap_[child]) {
      break;
    }
    heap_[hole] = heap_[child];
    hole = child;
  }
  heap_[hole] = entry;
}

}  // namespace tandem::vrrpd::core
