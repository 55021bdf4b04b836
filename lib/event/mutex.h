// SPDX-License-Identifier: Apache-2.0
// A mutex between threads of different priority: its holder has at least the priority of each thread that waits for it
// (pthread_mutexattr_setprotocol(3), PTHREAD_PRIO_INHERIT), so that a busy machine does not make the urgent one wait
// until the other one's turn comes. For std::lock_guard.
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
