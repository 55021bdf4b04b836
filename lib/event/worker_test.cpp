// SPDX-License-Identifier: Apache-2.0
#include "lib/event/worker.h"

#include <gmock/gmock.h>
#include <pthread.h>
#include <sched.h>

#include <future>
#include <string>
#include <thread>
#include <vector>

namespace tandem::event {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct WorkerTest : ::testing::Test {
  Loop loop;
  std::vector<std::string> executed;  // of the worker's thread; read when nothing is under way
  std::vector<std::string> told;      // of the loop's
  Worker worker{"worker", loop};
  std::promise<void> gate;

  Worker::Work work(const std::string& name) {
    return [this, name] {
      executed.push_back(name);
      return [this, name] { told.push_back(name); };
    };
  }
  // The worker is busy until open().
  void close() {
    std::promise<void> begun;
    worker.post(0, [this, &begun] {
      begun.set_value();
      gate.get_future().wait();
      return Handler();
    });
    begun.get_future().wait();
  }
  void open() { gate.set_value(); }
};

TEST_F(WorkerTest, ExecutesTheMostUrgentFirstAndTellsTheLoopInThatOrder) {
  close();
  worker.post(2, work("third"));
  worker.post(1, work("first"));
  worker.post(1, work("second"));
  open();
  worker.wait_until_idle();
  EXPECT_THAT(executed, ElementsAre("first", "second", "third"));
  EXPECT_THAT(told, IsEmpty()) << "the loop has not run yet";
  loop.run_pending();
  EXPECT_THAT(told, ElementsAre("first", "second", "third"));
}

TEST_F(WorkerTest, TheCallerWaitsAndIsToldAtOnce) {
  EXPECT_TRUE(worker.post_and_wait(0, work("one"), 10s));
  EXPECT_THAT(told, ElementsAre("one"));
  loop.run_pending();
  EXPECT_THAT(told, ElementsAre("one")) << "once";
}

TEST_F(WorkerTest, OnTimeoutTheLoopIsToldLater) {
  close();
  EXPECT_FALSE(worker.post_and_wait(0, work("one"), 1ms));
  open();
  worker.wait_until_idle();
  EXPECT_THAT(told, IsEmpty());
  loop.run_pending();
  EXPECT_THAT(told, ElementsAre("one"));
}

TEST_F(WorkerTest, WhatIsDiscardedIsNotExecuted) {
  close();
  worker.post(1, work("other"));
  worker.post(2, work("discarded"));
  worker.discard(2);
  open();
  worker.wait_until_idle();
  EXPECT_THAT(executed, ElementsAre("other"));
}

TEST_F(WorkerTest, APieceLetsMoreUrgentOnesGoFirst) {
  close();
  worker.post(2, [this] {
    worker.post(1, work("urgent"));  // in the test the worker posts itself, which is as good as another thread's call
    worker.post(2, work("equal"));
    worker.run_more_urgent_than(2);
    executed.emplace_back("rest");
    return Handler();
  });
  open();
  worker.wait_until_idle();
  EXPECT_THAT(executed, ElementsAre("urgent", "rest", "equal"));
}

TEST_F(WorkerTest, AfterStopNothingIsExecutedOrTold) {
  worker.post(0, work("one"));
  worker.wait_until_idle();
  close();
  for (int i = 0; i < 1000; ++i) {
    worker.post(0, work("more"));
  }
  std::thread opener([this] { open(); });
  worker.stop();
  opener.join();
  const std::size_t until_then = executed.size();
  loop.run_pending();
  EXPECT_THAT(told, IsEmpty());
  EXPECT_EQ(executed.size(), until_then);
}

TEST_F(WorkerTest, ItMayRunOnAllProcessorsAfterACallerHasWaited) {
  const auto processors = [] {
    cpu_set_t set;
    pthread_getaffinity_np(pthread_self(), sizeof set, &set);
    return CPU_COUNT(&set);
  };
  int after = 0;
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(worker.post_and_wait(0, work("one"), 10s));
  }
  worker.post(0, [&] {
    after = processors();
    return Handler();
  });
  worker.wait_until_idle();
  EXPECT_EQ(after, processors());
}

}  // namespace
}  // namespace tandem::event
