// SPDX-License-Identifier: Apache-2.0
#include <asio/steady_timer.hpp>

#include "lib/event/loop_impl.h"

namespace tandem::event {

// std::chrono::steady_clock is CLOCK_MONOTONIC with the same epoch as base::Clock; Asio waits for it with a timerfd.
struct Timer::Impl {
  Impl(Loop& loop, Handler on_due) : timer(loop.impl().context), handler(std::move(on_due)) {}

  asio::steady_timer timer;
  Handler handler;
  std::uint64_t generation =
      0;  // an expiry that was already queued when the timer was set anew belongs to an older one
};

Timer::Timer(Loop& loop, Handler handler) : impl_(std::make_shared<Impl>(loop, std::move(handler))) {}

Timer::~Timer() { cancel(); }

void Timer::set(base::TimePoint deadline) {
  const std::uint64_t generation = ++impl_->generation;
  impl_->timer.expires_at(std::chrono::steady_clock::time_point(deadline.time_since_epoch()));
  impl_->timer.async_wait([impl = impl_, generation](const asio::error_code& error) {
    if (!error && impl->generation == generation) {
      impl->handler();
    }
  });
}

void Timer::cancel() {
  ++impl_->generation;
  impl_->timer.cancel();
}

}  // namespace tandem::event
