// SPDX-License-Identifier: Apache-2.0
// A rate limit that delays: a burst, then a number per second. PURE.
#pragma once

#include <algorithm>
#include <optional>

#include "lib/base/time.h"

namespace tandem::ipc {

class Throttle {
 public:
  Throttle(unsigned per_second, unsigned at_once)
      : interval_(std::chrono::microseconds(std::chrono::seconds(1)) / per_second),
        credit_limit_(interval_ * at_once) {}

  // nullopt: admitted now. Otherwise: the time for the next call.
  std::optional<base::TimePoint> admit(base::TimePoint now) {
    // `paid_until_` is later than `now` by the part of the credit that is used.
    paid_until_ = std::max(paid_until_, now);
    if (paid_until_ - now > credit_limit_ - interval_) {
      return paid_until_ - credit_limit_ + interval_;
    }
    paid_until_ += interval_;
    return std::nullopt;
  }

 private:
  base::Duration interval_;
  base::Duration credit_limit_;
  base::TimePoint paid_until_{};
};

}  // namespace tandem::ipc
