// SPDX-License-Identifier: Apache-2.0
// The pending operation keeps its Impl alive, so that a handler may destroy its own Watch; `active` is false from then on.
#include "lib/event/loop_impl.h"

namespace tandem::event {

struct Watch::Impl : std::enable_shared_from_this<Watch::Impl> {
  Impl(Loop& loop, int descriptor, For what_for, Handler on_ready)
      : shared(loop.impl().share(descriptor)), what(what_for), handler(std::move(on_ready)) {}

  void wait() {
    using Wait = asio::posix::descriptor_base;
    shared->stream.async_wait(what == For::reading ? Wait::wait_read : Wait::wait_write,
                              [self = shared_from_this()](const asio::error_code& error) { self->finished(error); });
  }

  void finished(const asio::error_code& error) {
    // The other watch of this descriptor was destroyed, which aborts the waits of both: this one goes on.
    if (active && error == asio::error::operation_aborted) {
      wait();
      return;
    }
    if (active) {
      handler();
    }
    if (active) {
      wait();
    }
  }

  void stop() {
    active = false;
    asio::error_code ignored;
    shared->stream.cancel(ignored);
    shared.reset();  // now, not when the aborted operation is reported: the owner may close the descriptor next
  }

  std::shared_ptr<SharedDescriptor> shared;
  For what;
  Handler handler;
  bool active = true;
};

Watch::Watch(Loop& loop, int descriptor, For what, Handler handler)
    : impl_(std::make_shared<Impl>(loop, descriptor, what, std::move(handler))) {
  impl_->wait();
}

Watch::~Watch() {
  if (impl_) {
    impl_->stop();
  }
}

Watch::Watch(Watch&&) noexcept = default;

Watch& Watch::operator=(Watch&& other) noexcept {
  if (this != &other) {
    if (impl_) {
      impl_->stop();
    }
    impl_ = std::move(other.impl_);
  }
  return *this;
}

}  // namespace tandem::event
