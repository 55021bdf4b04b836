// SPDX-License-Identifier: Apache-2.0
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <optional>

#include "lib/event/loop_impl.h"

namespace tandem::event {

// std::chrono::steady_clock is CLOCK_MONOTONIC with the same epoch as base::Clock; Asio waits for it with a timerfd.
// Setting that costs a system call and an interrupt, most of all for what is due already: that goes without.
struct Timer::Impl : std::enable_shared_from_this<Timer::Impl> {
  Impl(Loop& on, Handler on_due) : context(on.impl().context), timer(context), handler(std::move(on_due)) {}

  void wait(base::TimePoint deadline);
  void call_soon();
  void stop_waiting();
  void fire(std::uint64_t of);

  asio::io_context& context;
  asio::steady_timer timer;
  Handler handler;
  std::optional<base::TimePoint> waits_for{};
  std::uint64_t generation =
      0;  // an expiry that was already queued when the timer was set anew belongs to an older one
};

void Timer::Impl::wait(base::TimePoint deadline) {
  waits_for = deadline;
  timer.expires_at(std::chrono::steady_clock::time_point(deadline.time_since_epoch()));
  timer.async_wait([impl = shared_from_this(), of = generation](const asio::error_code& error) {
    if (!error) {
      impl->fire(of);
    }
  });
}

// After what is queued by now, then after the descriptors that are readable by then, and other timers.
void Timer::Impl::call_soon() {
  asio::post(context, [impl = shared_from_this(), of = generation] {
    if (impl->generation == of) {
      asio::post(impl->context, [impl, of] { impl->fire(of); });
    }
  });
}

void Timer::Impl::stop_waiting() {
  ++generation;
  waits_for.reset();
  timer.cancel();
}

void Timer::Impl::fire(std::uint64_t of) {
  if (of == generation) {
    waits_for.reset();
    handler();
  }
}

Timer::Timer(Loop& loop, Handler handler) : impl_(std::make_shared<Impl>(loop, std::move(handler))) {}

Timer::~Timer() { cancel(); }

void Timer::set(base::TimePoint deadline) {
  const bool due = deadline <= monotonic_now();
  if (!due && impl_->waits_for == deadline) {
    return;
  }
  impl_->stop_waiting();  // also what is due already: it is put behind what has become readable since
  if (due) {
    impl_->call_soon();
  } else {
    impl_->wait(deadline);
  }
}

void Timer::cancel() { impl_->stop_waiting(); }

}  // namespace tandem::event
