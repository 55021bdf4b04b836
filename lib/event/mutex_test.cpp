// SPDX-License-Identifier: Apache-2.0
#include "lib/event/mutex.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>

namespace tandem::event {
namespace {

pid_t this_thread() { return static_cast<pid_t>(syscall(SYS_gettid)); }

// Of a thread of this process, as the kernel has it (proc(5), /proc/PID/stat).
struct Seen {
  char state = '?';  // S: it sleeps
  int priority = 0;  // negative: real-time, of its own or lent
};

Seen look_at(pid_t thread) {
  std::ifstream file(fmt::format("/proc/self/task/{}/stat", thread));
  std::string line;
  std::getline(file, line);
  std::istringstream fields(line.substr(line.rfind(')') + 1));  // the third and those after it
  Seen seen;
  fields >> seen.state;
  constexpr int kBetween = 14;
  std::string ignored;
  for (int i = 0; i < kBetween; ++i) {
    fields >> ignored;
  }
  fields >> seen.priority;
  return seen;
}

// A real-time priority is allowed to root, and to users with a limit (RLIMIT_RTPRIO) for it. For all others there is
// lock_test.cpp, which looks at what is asked of the C library.
TEST(InheritingMutex, HolderRunsAtThePriorityOfWhoeverWaitsUntilItLetsGo) {
  InheritingMutex mutex;
  std::atomic<pid_t> urgent = 0;
  std::unique_lock held(mutex);
  std::thread thread([&] {
    const sched_param lowest{.sched_priority = sched_get_priority_min(SCHED_RR)};
    const bool allowed = sched_setscheduler(0, SCHED_RR, &lowest) == 0;
    urgent = allowed ? this_thread() : -1;
    urgent.notify_one();
    const std::lock_guard wanted(mutex);
  });
  urgent.wait(0);
  const bool allowed = urgent > 0;
  while (allowed && look_at(urgent).state != 'S') {
    std::this_thread::yield();
  }
  const Seen holding = look_at(this_thread());
  held.unlock();
  thread.join();
  EXPECT_EQ(holding.priority < 0, allowed);
  EXPECT_GE(look_at(this_thread()).priority, 0) << "it was lent";
}

}  // namespace
}  // namespace tandem::event
