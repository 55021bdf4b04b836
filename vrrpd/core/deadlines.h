// SPDX-License-Identifier: Apache-2.0
// The deadlines of many routers, earliest first. Most deadlines are put off long before they are due: every advert of a
// Master puts off those of its Backups. So putting off costs nothing here; the queue notices that a deadline has moved
// when its entry reaches the top.
#pragma once

#include <cstddef>
#include <vector>

#include "vrrpd/core/types.h"

namespace tandem::vrrpd::core {

class Deadlines {
 public:
  struct Entry {
    TimePoint at;
    RouterId id;
    auto operator<=>(const Entry&) const = default;
  };

  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  const Entry& top() const { return heap_.front(); }
  void push(Entry entry);
  void pop();
  // The same as pop() and push(later), in one step.
  void replace_top(TimePoint later);
  template <class Predicate>
  void erase_if(Predicate predicate) {
    std::erase_if(heap_, predicate);
    restore_order();
  }

 private:
  void sift_down(std::size_t hole, Entry entry);
  void restore_order();

  // No child is earlier than its parent. Four children each: half as many levels as with two, and the children of one
  // parent share one or two cache lines.
  static constexpr std::size_t kChildren = 4;
  std::vector<Entry> heap_;
};

}  // namespace tandem::vrrpd::core
