// SPDX-License-Identifier: Apache-2.0
#include <asio/signal_set.hpp>

#include "lib/event/loop_impl.h"

namespace tandem::event {

struct SignalWatch::Impl : std::enable_shared_from_this<SignalWatch::Impl> {
  Impl(Loop& loop, int signal_number, Handler on_signal)
      : signals(loop.impl().context, signal_number), handler(std::move(on_signal)) {}

  void wait() {
    signals.async_wait([self = shared_from_this()](const asio::error_code& error, int) {
      if (self->active && !error) {
        self->handler();
      }
      if (self->active) {
        self->wait();
      }
    });
  }

  asio::signal_set signals;
  Handler handler;
  bool active = true;
};

SignalWatch::SignalWatch(Loop& loop, int signal_number, Handler handler)
    : impl_(std::make_shared<Impl>(loop, signal_number, std::move(handler))) {
  impl_->wait();
}

SignalWatch::~SignalWatch() {
  impl_->active = false;
  asio::error_code ignored;
  impl_->signals.clear(ignored);  // restores the signal's default action now
  impl_->signals.cancel(ignored);
}

}  // namespace tandem::event
