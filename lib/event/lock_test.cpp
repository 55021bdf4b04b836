// SPDX-License-Identifier: Apache-2.0
// No thread waits at its loop for one of lower priority: whatever the threads lock there lends priority (mutex.h). The
// linker puts the function below in front of the C library's (CMakeLists.txt).
#include <gtest/gtest.h>
#include <pthread.h>

#include <mutex>
#include <thread>

#include "lib/event/mutex.h"
#include "lib/event/thread.h"

namespace {

// Counts what the calling thread locks while it lives.
struct Locks {
  Locks();
  ~Locks();
  Locks(const Locks&) = delete;
  Locks& operator=(const Locks&) = delete;

  int lending = 0;
  int others = 0;
};

thread_local Locks* counted = nullptr;

Locks::Locks() { counted = this; }
Locks::~Locks() { counted = nullptr; }

}  // namespace

extern "C" {

int __real_pthread_mutex_lock(pthread_mutex_t* mutex);

int __wrap_pthread_mutex_lock(pthread_mutex_t* mutex) {
  constexpr int kInherits = 32;  // of glibc's kinds
  if (counted != nullptr) {
    ++((mutex->__data.__kind & kInherits) != 0 ? counted->lending : counted->others);
  }
  return __real_pthread_mutex_lock(mutex);
}

}  // extern "C"

namespace tandem::event {
namespace {

TEST(Locks, AreToldApart) {
  InheritingMutex lends;
  std::mutex other;
  const Locks locks;
  const std::scoped_lock lock(lends);
  EXPECT_EQ(locks.lending, 1);
  EXPECT_EQ(locks.others, 0);
  const std::scoped_lock another(other);
  EXPECT_EQ(locks.lending, 1);
  EXPECT_EQ(locks.others, 1);
}

TEST(Locks, OfWhoeverPostsLendPriority) {
  Loop loop;
  const Locks locks;
  loop.post([] {});
  loop.post([] {});
  loop.stop();
  EXPECT_EQ(locks.lending, 2);
  EXPECT_EQ(locks.others, 0);
}

TEST(Locks, OfALoopsThreadLendPriority) {
  Loop loop;
  Timer timer(loop, [&loop] { loop.stop(); });
  int lending = 0;
  int others = 0;
  std::thread thread([&] {
    const Locks locks;
    loop.run();
    lending = locks.lending;
    others = locks.others;
  });
  call(loop, [] {});
  EXPECT_EQ(
      call_and_await<int>(loop, [&loop](const std::function<void(int)>& done) { loop.post([done] { done(1); }); }), 1);
  loop.post([&timer] { timer.set(monotonic_now() + std::chrono::microseconds(1)); });
  thread.join();
  EXPECT_GT(lending, 0);
  EXPECT_EQ(others, 0);
}

}  // namespace
}  // namespace tandem::event
