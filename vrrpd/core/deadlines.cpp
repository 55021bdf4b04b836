// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/core/deadlines.h"

#include <algorithm>

namespace tandem::vrrpd::core {

void Deadlines::push(Entry entry) {
  std::size_t hole = heap_.size();
  heap_.push_back(entry);
  while (hole != 0) {
    const std::size_t parent = (hole - 1) / kChildren;
    if (heap_[parent] <= entry) {
      break;
    }
    heap_[hole] = heap_[parent];
    hole = parent;
  }
  heap_[hole] = entry;
}

void Deadlines::pop() {
  const Entry last = heap_.back();
  heap_.pop_back();
  if (!heap_.empty()) {
    sift_down(0, last);
  }
}

void Deadlines::replace_top(TimePoint later) { sift_down(0, {later, heap_.front().id}); }

// Puts `entry` into the hole, or lower until the heap is in order.
void Deadlines::sift_down(std::size_t hole, Entry entry) {
  for (std::size_t child = kChildren * hole + 1; child < heap_.size(); child = kChildren * hole + 1) {
    const std::size_t end = std::min(child + kChildren, heap_.size());
    for (std::size_t other = child + 1; other < end; ++other) {
      child = heap_[other] < heap_[child] ? other : child;
    }
    if (entry <= heap_[child]) {
      break;
    }
    heap_[hole] = heap_[child];
    hole = child;
  }
  heap_[hole] = entry;
}

// Makes a heap of entries in any order.
void Deadlines::restore_order() {
  for (std::size_t at = heap_.size(); at-- > 0;) {
    sift_down(at, heap_[at]);
  }
}

}  // namespace tandem::vrrpd::core
