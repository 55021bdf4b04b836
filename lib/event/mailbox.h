// SPDX-License-Identifier: Apache-2.0
// Handlers that other threads have posted to a loop. The lock has priority inheritance (mutex.h): a thread that is
// preempted while it holds the lock runs on with the priority of the loop's thread when that waits. The lock of Asio's
// own queue does not inherit, so other threads never use that queue.
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

  // Readable when put() or wake() may have been called since take(). Non-blocking.
  int descriptor() const { return descriptor_; }

  // From any thread:
  void put(Handler handler);
  void wake();  // makes the descriptor readable

  // Removes and returns all handlers, in the order of put().
  std::list<Handler> take();

 private:
  int descriptor_;
  InheritingMutex mutex_;  // held for a few instructions: no allocation, no system call
  std::list<Handler> handlers_;
};

}  // namespace tandem::event
