// SPDX-License-Identifier: Apache-2.0
// A mutex with priority inheritance (pthread_mutexattr_setprotocol(3), PTHREAD_PRIO_INHERIT): its holder has at least
// the priority of each thread that waits for it, so an urgent thread does not wait until a holder of lower priority
// gets a processor. For std::lock_guard.
#pragma once

#include <pthread.h>

namespace tandem::event {

class InheritingMutex {
 public:
  InheritingMutex();
  ~InheritingMutex() { pthread_mutex_destroy(&mutex_); }
  InheritingMutex(const InheritingMutex&) = delete;
  InheritingMutex& operator=(const InheritingMutex&) = delete;

  void lock() { pthread_mutex_lock(&mutex_); }
  void unlock() { pthread_mutex_unlock(&mutex_); }

 private:
  pthread_mutex_t mutex_{};
};

}  // namespace tandem::event
