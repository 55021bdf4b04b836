// SPDX-License-Identifier: Apache-2.0
// The loop is the clock's and the kernel's neighbour, so these tests use pipes and deadlines in the past; none waits.
#include "lib/event/loop.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <optional>
#include <string>

namespace tandem::event {
namespace {

using std::chrono_literals::operator""s;
using testing::ElementsAre;

class Pipe {
 public:
  Pipe() { EXPECT_EQ(pipe2(ends_, O_NONBLOCK | O_CLOEXEC), 0); }
  ~Pipe() {
    close(ends_[0]);
    close(ends_[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int reading() const { return ends_[0]; }
  int writing() const { return ends_[1]; }
  void put(char byte) { EXPECT_EQ(::write(ends_[1], &byte, 1), 1); }
  char get() {
    char byte = 0;
    EXPECT_EQ(::read(ends_[0], &byte, 1), 1);
    return byte;
  }

 private:
  int ends_[2]{};
};

TEST(Watch, ReportsAgainAsLongAsDataIsLeft) {
  Loop loop;
  Pipe pipe;
  pipe.put('a');
  pipe.put('b');
  std::string got;
  const Watch watch(loop, pipe.reading(), Watch::For::reading, [&] {
    got += pipe.get();
    if (got.size() == 2) {
      loop.stop();
    }
  });
  loop.run();
  EXPECT_EQ(got, "ab");
}

TEST(Loop, RunsOnlyWhatOthersHavePosted) {
  Loop loop;
  Pipe pipe;
  pipe.put('a');
  std::string done;
  const Watch watch(loop, pipe.reading(), Watch::For::reading, [&] { done += pipe.get(); });
  Timer timer(loop, [&] { done += "timer "; });
  timer.set(base::TimePoint{});
  loop.post([&] { done += "posted "; });
  loop.stop();  // as a loop is left whose thread has ended
  loop.run_posted();
  EXPECT_EQ(done, "posted ");
  loop.run_posted();
  EXPECT_EQ(done, "posted ");
  loop.run_pending();
  EXPECT_EQ(done, "posted atimer ");
}

TEST(Watch, MayBeDestroyedInItsOwnHandlerAndLeavesTheDescriptorOpen) {
  Loop loop;
  Pipe pipe;
  pipe.put('a');
  std::optional<Watch> watch;
  int calls = 0;
  watch.emplace(loop, pipe.reading(), Watch::For::reading, [&] {
    ++calls;
    watch.reset();
    loop.post([&] { loop.post([&] { loop.stop(); }); });
  });
  loop.run();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(pipe.get(), 'a') << "descriptor was closed";
}

TEST(Watch, OneDescriptorMayBeWatchedBothWaysAndEitherStopsAlone) {
  Loop loop;
  Pipe pipe;
  int writable = 0;
  std::optional<Watch> writing;
  const Watch reading(loop, pipe.writing(), Watch::For::reading,
                      [] { ADD_FAILURE() << "a pipe's write end has no input"; });
  std::optional<Watch> other(std::in_place, loop, pipe.reading(), Watch::For::writing, [] {});
  bool readable = false;
  const Watch input(loop, pipe.reading(), Watch::For::reading, [&] {
    readable = true;
    loop.stop();
  });
  writing.emplace(loop, pipe.writing(), Watch::For::writing, [&] {
    ++writable;
    writing.reset();
    other.reset();  // must not disturb `input`, which shares its descriptor
    pipe.put('x');
  });
  loop.run();
  EXPECT_EQ(writable, 1);
  EXPECT_TRUE(readable);
}

TEST(Watch, IsHeardWhileAHandlerPostsItselfAgainAndAgain) {
  Loop loop;
  Pipe pipe;
  bool heard = false;
  const Watch watch(loop, pipe.reading(), Watch::For::reading, [&] {
    heard = true;
    loop.stop();
  });
  const Handler again = [&] {
    if (!heard) {
      loop.post(again);
    }
  };
  loop.post(again);
  pipe.put('a');
  loop.run();  // returns, or the test hangs
  EXPECT_TRUE(heard);
}

TEST(Watch, NumberOfAClosedDescriptorCanBeWatchedAgain) {
  Loop loop;
  for (int round = 0; round < 3; ++round) {
    Pipe pipe;
    pipe.put('a');
    bool called = false;
    const Watch watch(loop, pipe.reading(), Watch::For::reading, [&] {
      called = true;
      loop.stop();
    });
    loop.run();
    EXPECT_TRUE(called);
  }
}

TEST(Timer, PastDeadlineFiresInALaterTurnAndTheLastSetWins) {
  Loop loop;
  std::vector<std::string> order;
  Timer timer(loop, [&] {
    order.push_back("timer");
    loop.stop();
  });
  timer.set(monotonic_now() + 3600s);
  timer.set(monotonic_now() - 1s);
  order.push_back("set");
  loop.run();
  EXPECT_THAT(order, ElementsAre("set", "timer"));
}

TEST(Timer, CancelledTimerDoesNotFireEvenIfItWasDue) {
  Loop loop;
  Timer cancelled(loop, [] { ADD_FAILURE(); });
  cancelled.set(monotonic_now() - 2s);
  Timer canceller(loop, [&] {
    cancelled.cancel();
    loop.post([&] { loop.stop(); });
  });
  loop.post([&] {
    cancelled.cancel();
    canceller.set(monotonic_now() - 3s);
  });
  loop.run();
}

TEST(Timer, MaySetOrDestroyItselfInItsHandler) {
  Loop loop;
  int calls = 0;
  std::optional<Timer> timer;
  timer.emplace(loop, [&] {
    if (++calls < 3) {
      timer->set(monotonic_now());
    } else {
      timer.reset();
      loop.stop();
    }
  });
  timer->set(monotonic_now());
  loop.run();
  EXPECT_EQ(calls, 3);
}

// Work in slices lets all other handlers go first.
TEST(Timer, SetInThePastComesAfterWhatIsReadableAndDue) {
  Loop loop;
  Pipe pipe;
  std::vector<std::string> order;
  Timer slice(loop, [&] {
    order.push_back("slice");
    loop.stop();
  });
  const Watch watch(loop, pipe.reading(), Watch::For::reading, [&] {
    pipe.get();
    order.push_back("readable");
  });
  loop.post([&] {
    slice.set(monotonic_now());
    pipe.put('a');
    loop.post([&] { order.push_back("posted"); });
  });
  loop.run();
  EXPECT_THAT(order, ElementsAre("posted", "readable", "slice"));
}

// Who was held up hears everything that has arrived, however many turns that takes, if it says so each time.
TEST(Timer, SetAgainInThePastComesAfterWhatIsStillReadable) {
  Loop loop;
  Pipe pipe;
  std::string order;
  Timer timer(loop, [&] {
    order += '!';
    loop.stop();
  });
  const Watch watch(loop, pipe.reading(), Watch::For::reading, [&] {
    order += pipe.get();
    timer.set(monotonic_now() - 1s);
  });
  for (const char byte : std::string("abcdef")) {
    pipe.put(byte);
  }
  loop.run();
  EXPECT_EQ(order, "abcdef!");
}

TEST(Timer, SetTwiceInThePastFiresOnce) {
  Loop loop;
  int calls = 0;
  Timer timer(loop, [&] { ++calls; });
  Timer last(loop, [&] { loop.stop(); });
  const base::TimePoint later = monotonic_now() + 3600s;
  for (const base::TimePoint deadline : {later, later, later - 7200s, later - 7300s}) {
    timer.set(deadline);
  }
  last.set(later - 7200s);
  loop.run();
  EXPECT_EQ(calls, 1);
}

TEST(Timer, PutOffAfterItWasDueWaits) {
  Loop loop;
  Timer timer(loop, [] { ADD_FAILURE() << "it was put off for an hour"; });
  loop.post([&] {
    timer.set(monotonic_now() - 1s);
    timer.set(monotonic_now() + 3600s);
    Timer(loop, [] { ADD_FAILURE() << "it has been destroyed"; }).set(monotonic_now());
    loop.post([&] { loop.post([&] { loop.post([&] { loop.stop(); }); }); });
  });
  loop.run();
}

TEST(SignalWatch, HearsEachDelivery) {
  Loop loop;
  int calls = 0;
  const SignalWatch watch(loop, SIGUSR1, [&] {
    if (++calls == 2) {
      loop.stop();
    } else {
      raise(SIGUSR1);
    }
  });
  raise(SIGUSR1);
  loop.run();
  EXPECT_EQ(calls, 2);
}

base::TimePoint kernel_monotonic() {
  timespec now{};
  EXPECT_EQ(clock_gettime(CLOCK_MONOTONIC, &now), 0);
  return base::TimePoint(std::chrono::duration_cast<base::Duration>(std::chrono::seconds(now.tv_sec) +
                                                                    std::chrono::nanoseconds(now.tv_nsec)));
}

// A change of the wall clock must not move a timer.
TEST(Loop, CountsTimeWithTheMonotonicClock) {
  const base::TimePoint before = kernel_monotonic();
  const base::TimePoint now = monotonic_now();
  EXPECT_LE(before, now);
  EXPECT_LE(now, kernel_monotonic());
}

TEST(Loop, CanRunAgainAfterStop) {
  Loop loop;
  int turns = 0;
  for (int round = 0; round < 2; ++round) {
    loop.post([&] {
      ++turns;
      loop.stop();
    });
    loop.run();
  }
  EXPECT_EQ(turns, 2);
}

}  // namespace
}  // namespace tandem::event
