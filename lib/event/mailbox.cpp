// SPDX-License-Identifier: Apache-2.0
#include "lib/event/mailbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <system_error>
#include <utility>

namespace tandem::event {

Mailbox::Mailbox() : descriptor_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (descriptor_ < 0) {
    throw std::system_error(errno, std::generic_category(), "eventfd");
  }
}

Mailbox::~Mailbox() { ::close(descriptor_); }

void Mailbox::put(Handler handler) {
  std::list<Handler> added;
  added.push_back(std::move(handler));
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    was_empty = handlers_.empty();
    handlers_.splice(handlers_.end(), added);
  }
  if (was_empty) {
    wake();
  }
}

void Mailbox::wake() { ::eventfd_write(descriptor_, 1); }

std::list<Handler> Mailbox::take() {
  eventfd_t ignored = 0;
  ::eventfd_read(descriptor_, &ignored);  // first: each later put() makes it readable again
  std::list<Handler> taken;
  const std::lock_guard lock(mutex_);
  taken.swap(handlers_);
  return taken;
}

}  // namespace tandem::event
