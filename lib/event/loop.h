// SPDX-License-Identifier: Apache-2.0
// An event loop: descriptors, timers, signals, on one thread. Handlers run one after the other and must not block. A
// Watch or Timer that is destroyed calls its handler no more, also from within a handler. Descriptors that are readable
// come before timers that are due: a loop that was held up hears what has arrived before it concludes that nothing did.
//
// All of a loop is for the thread that runs it, or for the code that sets it up before and clears up afterwards. Only
// stop() and post() are for every thread; the loop's never waits for one of lower priority that is in the middle of
// them (mailbox.h).
#pragma once

#include <memory>

#include "lib/base/time.h"
#include "lib/event/handler.h"

namespace tandem::event {

// CLOCK_MONOTONIC now: setting the wall clock moves no timer (X12). Only lib/event and what drives it may ask; pure
// code is told.
base::TimePoint monotonic_now();
// The wall-clock time, for humans only.
base::WallTime wall_now();

class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void run();          // until stop(), which may have come already
  void run_pending();  // what is ready now, without waiting; of a loop that does not run
  void run_posted();   // of that only what other threads have posted: no descriptor, no timer

  // From any thread:
  // The running handler is finished first; if another thread says it, the running turn.
  void stop();
  void post(Handler handler);  // runs it in a later turn; what another thread posts, in that order

  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// Calls `handler` whenever the descriptor is readable or has failed. Does not own the descriptor, which must be
// non-blocking and outlive the watch.
class Watch {
 public:
  enum class For { reading, writing };
  Watch(Loop& loop, int descriptor, For what, Handler handler);
  ~Watch();
  Watch(Watch&&) noexcept;
  Watch& operator=(Watch&&) noexcept;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

// One deadline at a time, microsecond resolution.
class Timer {
 public:
  Timer(Loop& loop, Handler handler);
  ~Timer();
  void set(base::TimePoint deadline);  // replaces an earlier one; in the past: at once, in a later turn
  void cancel();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

// Calls `handler` in the loop for each delivery of the signal. SIGCHLD included. Of all loops of a process one may have
// these: the constructor throws std::logic_error if another has (Asio's signals without locks).
class SignalWatch {
 public:
  SignalWatch(Loop& loop, int signal_number, Handler handler);
  ~SignalWatch();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace tandem::event
