// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/lowering.h"

#include "vrrpd/io/limits.h"

namespace tandem::vrrpd::io {

void Lowering::wait_for(base::Duration pause) {
  timer_is_set_ = true;
  timer_.set(event::monotonic_now() + pause);
}

void Lowering::consider() {
  if (!timer_is_set_ && next_()) {
    wait_for(kLoweringDelay);
  }
}

void Lowering::on_done() { wait_for(kLoweringPause); }

void Lowering::on_timer() {
  timer_is_set_ = false;
  if (const auto index = next_()) {
    begun_ = *index;
    begin_(begun_);
  }
}

void Lowering::stop() {
  timer_.cancel();
  timer_is_set_ = true;  // for good
}

}  // namespace tandem::vrrpd::io
