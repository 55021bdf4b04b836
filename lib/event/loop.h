// SPDX-License-Identifier: Apache-2.0
// An event loop: descriptors, timers, signals, on one thread. Handlers run one after the other and must not block. A
// destroyed Watch or Timer does not call its handler again; a handler may destroy it. Readable descriptors are handled
// before due timers: a delayed loop handles what has arrived before a timeout can conclude that nothing did.
//
// A loop belongs to the thread that runs it, and before and afterwards to the code that creates and destroys it. Only
// stop() and post() may be called from any thread; the loop's thread does not suffer priority inversion by them
// (mailbox.h).
#pragma once

#include <memory>

#include "lib/base/time.h"
#include "lib/event/handler.h"

namespace tandem::event {

// CLOCK_MONOTONIC: setting the wall clock moves no timer (X12). Pure code does not call it: time is an argument there.
base::TimePoint monotonic_now();
// For display only.
base::WallTime wall_now();

class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void run();          // until stop(), which may have been called before
  void run_pending();  // runs what is ready and does not wait; for a loop that is not running
  void run_posted();   // runs only what other threads have posted: no descriptor, no timer

  // From any thread:
  // Ends run() after the running handler; called from another thread, after the running turn.
  void stop();
  void post(Handler handler);  // runs it in a later turn; handlers of one thread keep their order

  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// Calls `handler` whenever the descriptor is ready or has failed. Does not own the descriptor, which must be
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
  void set(base::TimePoint deadline);  // replaces an earlier one; if it is in the past, fires in a later turn
  void cancel();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

// Calls `handler` in the loop for each delivery of the signal. Only one loop of a process may have signal watches: the
// constructor throws std::logic_error if another loop has one (Asio's signals without locks).
class SignalWatch {
 public:
  SignalWatch(Loop& loop, int signal_number, Handler handler);
  ~SignalWatch();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace tandem::event
