// SPDX-License-Identifier: Apache-2.0
#include "lib/event/mutex.h"

namespace tandem::event {

InheritingMutex::InheritingMutex() {
  pthread_mutexattr_t attributes{};
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
  pthread_mutex_init(&mutex_, &attributes);
  pthread_mutexattr_destroy(&attributes);
}

}  // namespace tandem::event
