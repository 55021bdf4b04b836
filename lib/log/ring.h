// SPDX-License-Identifier: Apache-2.0
// The last lines of the log, in memory.
#pragma once

#include <deque>
#include <string>

namespace tandem::log {

class Ring {
 public:
  explicit Ring(std::size_t capacity) : capacity_(capacity) {}

  void add(std::string line) {
    if (lines_.size() == capacity_) {
      lines_.pop_front();
    }
    lines_.push_back(std::move(line));
  }
  const std::deque<std::string>& lines() const { return lines_; }  // oldest first

 private:
  std::size_t capacity_;
  std::deque<std::string> lines_;
};

}  // namespace tandem::log
