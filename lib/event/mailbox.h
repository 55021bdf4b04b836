// SPDX-License-Identifier: Apache-2.0
// What other threads want of a loop's thread. A thread that puts something in may lose the processor to any other while
// it holds the lock, and the loop's thread must not wait until its turn comes again: it runs on with the priority of
// the thread that waits (mutex.h). Asio's queue has a lock that lends nothing, so other threads never touch it.
#pragma once

#include <list>

#include "lib/event/handler.h"
#include "lib/event/mutex.h"

namespace tandem::event {

class Mailbox {
 public:
  Mailbox();  // throws std::system_error if there is no descriptor left, as Asio's io_context does
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // Readable when something may have been put in since take(). Non-blocking.
  int descriptor() const { return descriptor_; }

  // From any thread:
  void put(Handler handler);
  void wake();  // makes the descriptor readable

  // Everything that was put in, in that order.
  std::list<Handler> take();

 private:
  int descriptor_;
  InheritingMutex mutex_;  // held for a few instructions, without allocation or system call
  std::list<Handler> handlers_;
};

}  // namespace tandem::event
