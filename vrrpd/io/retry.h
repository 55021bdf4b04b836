// SPDX-License-Identifier: Apache-2.0
// When to try again what the kernel has refused: after kFirstRetry, and then after twice as long each time, up to
// kLongestRetry.
#pragma once

#include <algorithm>
#include <functional>
#include <utility>

#include "lib/event/loop.h"
#include "vrrpd/io/limits.h"

namespace tandem::vrrpd::io {

class Retry {
 public:
  Retry(event::Loop& loop, event::Handler on_time) : timer_(loop, std::move(on_time)) {}

  void start() { set(kFirstRetry); }
  void repeat() { set(std::min(2 * after_, kLongestRetry)); }  // precondition: is_set()
  void stop() {
    after_ = {};
    timer_.cancel();
  }
  bool is_set() const { return after_ != std::chrono::milliseconds::zero(); }

 private:
  void set(std::chrono::milliseconds after) {
    after_ = after;
    timer_.set(event::monotonic_now() + after);
  }

  std::chrono::milliseconds after_{0};
  event::Timer timer_;
};

}  // namespace tandem::vrrpd::io
