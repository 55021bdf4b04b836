// SPDX-License-Identifier: Apache-2.0
#include "lib/event/thread.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <memory>
#include <thread>
#include <vector>

namespace tandem::event {
namespace {

TEST(Thread, RunsCallsOnItsOwnThreadAndReturnsTheirResult) {
  Loop loop;
  const Thread thread("test", loop, [] {});
  EXPECT_NE(call(loop, [] { return std::this_thread::get_id(); }), std::this_thread::get_id());
  int value = 0;
  call(loop, [&value] { value = 5; });
  EXPECT_EQ(value, 5) << "the call has been made when it returns";
}

TEST(Thread, CallsMayTakeSeveralTurns) {
  Loop loop;
  const Thread thread("test", loop, [] {});
  const int answer = call_and_await<int>(loop, [&loop](const std::function<void(int)>& done) {
    loop.post([&loop, done] { loop.post([done] { done(42); }); });
  });
  EXPECT_EQ(answer, 42);
}

TEST(Thread, LetsOthersGoFirstAndGetsNoSignals) {
  Loop loop;
  const Thread thread("test", loop, [] {});
  const int before = getpriority(PRIO_PROCESS, 0);
  constexpr int kNicest = 19;
  EXPECT_EQ(call(loop, [] { return getpriority(PRIO_PROCESS, 0); }), std::min(before + 10, kNicest));
  EXPECT_EQ(getpriority(PRIO_PROCESS, 0), before) << "only that thread is nice";
  const auto blocks_term = [] {
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    return sigismember(&blocked, SIGTERM) == 1;
  };
  EXPECT_TRUE(call(loop, blocks_term));
  EXPECT_FALSE(blocks_term());
}

TEST(Thread, TellsWhenItHasEnded) {
  Loop main;
  Loop other;
  const Thread thread("test", other, [&main] { main.stop(); });
  other.post([&other] { other.stop(); });
  main.run();  // returns, or the test hangs
}

TEST(Thread, CallsFromBothSidesDoNotMeet) {
  Loop main;
  Loop other;
  int calls = 0;
  const Thread thread("test", other, [&main] { main.stop(); });
  other.post([&] {
    for (int i = 0; i < 1000; ++i) {
      call(main, [&calls] { ++calls; });
    }
    other.stop();
  });
  main.run();
  EXPECT_EQ(calls, 1000);
}

TEST(Loop, MayBeStoppedBeforeItRuns) {
  Loop loop;
  loop.stop();
  loop.run();  // returns, or the test hangs
  loop.post([&loop] { loop.stop(); });
  loop.run();  // once only: this one runs the handler
}

TEST(Loop, HearsAllThatManyThreadsPostEachInItsOrder) {
  constexpr int kPosters = 4;
  constexpr int kEach = 1000;
  Loop loop;
  std::vector<std::vector<int>> heard(kPosters);
  int ended = 0;
  std::vector<std::thread> posters;
  for (int poster = 0; poster < kPosters; ++poster) {
    posters.emplace_back([&, poster] {
      for (int i = 0; i < kEach; ++i) {
        loop.post([&, poster, i] { heard[static_cast<std::size_t>(poster)].push_back(i); });
      }
      loop.post([&] {
        if (++ended == kPosters) {
          loop.stop();
        }
      });
    });
  }
  loop.run();
  for (std::thread& poster : posters) {
    poster.join();
  }
  for (const std::vector<int>& of_one : heard) {
    EXPECT_EQ(of_one.size(), kEach);
    EXPECT_TRUE(std::is_sorted(of_one.begin(), of_one.end()));
  }
}

// A caller that stops a thread that has much to do waits for one handler, not for all.
TEST(Loop, StopOfAnotherThreadLeavesWhatWasPostedForTheNextRun) {
  Loop loop;
  std::vector<int> order;
  loop.post([&] {
    order.push_back(1);
    std::thread([&loop] { loop.stop(); }).join();
  });
  loop.post([&order] { order.push_back(2); });
  loop.post([&order] { order.push_back(3); });
  loop.run();
  EXPECT_EQ(order, (std::vector{1}));
  loop.run_pending();
  EXPECT_EQ(order, (std::vector{1, 2, 3}));
}

TEST(Loop, TakesWhatWasPostedAndNeverRunWithIt) {
  const auto held = std::make_shared<int>(0);
  {
    Loop loop;
    loop.post([&loop] { loop.stop(); });
    loop.post([held] { ADD_FAILURE(); });
    loop.run();
    loop.post([held] { ADD_FAILURE(); });
    EXPECT_EQ(held.use_count(), 3);
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Loop, RunsWhatIsPendingWithoutWaiting) {
  Loop loop;
  int runs = 0;
  loop.post([&] { ++runs; });
  loop.run_pending();
  loop.run_pending();
  EXPECT_EQ(runs, 1);
}

// What ended before was the last work that there was; what is posted afterwards is run all the same.
TEST(Loop, RunsWhatIsPendingAfterItsTimersHaveGone) {
  Loop loop;
  {
    Timer timer(loop, [] {});
    timer.set(monotonic_now() + std::chrono::hours(1));
    loop.post([&loop] { loop.stop(); });
    loop.run();
  }
  loop.run_pending();
  bool run = false;
  loop.post([&run] { run = true; });
  loop.run_pending();
  EXPECT_TRUE(run);
  {
    Timer timer(loop, [] {});
    timer.set(monotonic_now() + std::chrono::hours(1));
  }
  run = false;
  loop.post([&run] { run = true; });
  loop.run_pending();
  EXPECT_TRUE(run);
}

}  // namespace
}  // namespace tandem::event
