// SPDX-License-Identifier: Apache-2.0
#include "lib/supervisor/worker_process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

namespace tandem::supervisor {
namespace {

constexpr milliseconds kLongEnough{10'000};

// A child that waits for a signal.
pid_t start_waiting() {
  const pid_t pid = ::fork();
  if (pid == 0) {
    while (true) {
      ::pause();
    }
  }
  return pid;
}

TEST(WorkerProcess, SaysHowItExited) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::_exit(7);
  }
  WorkerProcess process = WorkerProcess::open(pid);
  ASSERT_TRUE(process.is_open());
  EXPECT_TRUE(process.await_exit(kLongEnough));
  const WorkerProcess::Ended ended = process.reap();
  EXPECT_TRUE(ended.exited);
  EXPECT_EQ(ended.number, 7);
  EXPECT_FALSE(process.is_open());
}

TEST(WorkerProcess, SaysWhichSignalEndedIt) {
  WorkerProcess process = WorkerProcess::open(start_waiting());
  ASSERT_TRUE(process.is_open());
  EXPECT_FALSE(process.await_exit(milliseconds(0)));
  process.signal(SIGKILL);
  EXPECT_TRUE(process.await_exit(kLongEnough));
  const WorkerProcess::Ended ended = process.reap();
  EXPECT_FALSE(ended.exited);
  EXPECT_EQ(ended.number, SIGKILL);
}

TEST(WorkerProcess, IsNotOpenWhenTheProcessIsGone) {
  const pid_t pid = start_waiting();
  WorkerProcess process = WorkerProcess::open(pid);
  process.signal(SIGKILL);
  process.reap();
  EXPECT_FALSE(WorkerProcess::open(pid).is_open());
}

TEST(WorkerProcess, NoProcessHasNoDescriptorAndNoState) {
  const WorkerProcess none;
  EXPECT_EQ(none.descriptor(), -1);
  EXPECT_EQ(none.state(), ProcessState::other);
}

TEST(WorkerProcess, ReadsTheStateOfItsThreads) {
  WorkerProcess process = WorkerProcess::open(::getpid());
  EXPECT_EQ(process.state(), ProcessState::running);
  EXPECT_EQ(process.state_of_thread(::gettid()), ProcessState::running);
}

TEST(WorkerProcess, ReadsAStateBehindAnyName) {
  struct Case {
    const char* stat;
    ProcessState state;
  };
  for (const Case& c :
       {Case{"12 (vrrpd-worker) R 1 12", ProcessState::running},
        Case{"12 (vrrpd-worker) D 1 12", ProcessState::in_kernel},
        Case{"12 (vrrpd-worker) S 1 12", ProcessState::other}, Case{"12 (vrrpd-worker) T 1 12", ProcessState::other},
        Case{"12 (a) R (b) D 1 12", ProcessState::in_kernel}, Case{"12 (vrrpd", ProcessState::other},
        Case{"12 (vrrpd) ", ProcessState::other}, Case{"", ProcessState::other}}) {
    EXPECT_EQ(state_in(c.stat), c.state) << c.stat;
  }
}

}  // namespace
}  // namespace tandem::supervisor
