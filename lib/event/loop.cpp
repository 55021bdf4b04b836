// SPDX-License-Identifier: Apache-2.0
#include <sys/prctl.h>
#include <time.h>

#include <asio/post.hpp>

#include "lib/event/loop_impl.h"

namespace tandem::event {
namespace {

std::chrono::microseconds now_of(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::seconds(now.tv_sec) +
                                                               std::chrono::nanoseconds(now.tv_nsec));
}

}  // namespace

base::TimePoint monotonic_now() { return base::TimePoint(now_of(CLOCK_MONOTONIC)); }

base::WallTime wall_now() { return base::WallTime(now_of(CLOCK_REALTIME)); }

std::shared_ptr<SharedDescriptor> Loop::Impl::share(int descriptor) {
  std::weak_ptr<SharedDescriptor>& known = descriptors[descriptor];
  if (auto shared = known.lock()) {
    return shared;
  }
  auto fresh = std::make_shared<SharedDescriptor>(context, descriptor);
  known = fresh;
  return fresh;
}

bool Loop::Impl::runs_here() { return context.get_executor().running_in_this_thread(); }

void Loop::Impl::run_mail() {
  taken.splice(taken.end(), mailbox.take());
  while (!taken.empty() && !stopping) {
    const Handler handler = std::move(taken.front());
    taken.pop_front();
    handler();
  }
  if (!taken.empty()) {
    mailbox.wake();  // when the loop runs again
  }
  if (stopping) {
    context.stop();
  }
}

Loop::Loop() : impl_(std::make_unique<Impl>()) {
  // The kernel may delay wake-ups by this many nanoseconds to save power; its default of 50 µs doubles the lateness of
  // our timers (measured: 94 against 45 µs).
  prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
  impl_->mail.emplace(*this, impl_->mailbox.descriptor(), Watch::For::reading,
                      [impl = impl_.get()] { impl->run_mail(); });
}

Loop::~Loop() = default;

void Loop::run() {
  if (!impl_->stopping) {
    impl_->context.run();
  }
  impl_->context.restart();
  impl_->stopping = false;  // afterwards, not before: a stop() that comes before run() counts
}

void Loop::run_pending() {
  impl_->stopping = false;
  impl_->context.poll();
  impl_->context.restart();
  impl_->stopping = false;
}

void Loop::run_posted() {
  impl_->stopping = false;
  impl_->run_mail();
  impl_->context.restart();
  impl_->stopping = false;
}

void Loop::stop() {
  impl_->stopping = true;
  if (impl_->runs_here()) {
    impl_->context.stop();
  } else {
    impl_->mailbox.wake();
  }
}

void Loop::post(Handler handler) {
  if (impl_->runs_here()) {
    asio::post(impl_->context, std::move(handler));
  } else {
    impl_->mailbox.put(std::move(handler));
  }
}

}  // namespace tandem::event
