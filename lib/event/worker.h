// SPDX-License-Identifier: Apache-2.0
// A thread for what a loop must not wait for: it executes one piece of work after the other, the most urgent first, and
// the loop runs what each piece returns. Pieces of equal rank are executed in the order of the calls.
//
// All functions are for the loop's thread, unless said otherwise. The two threads share nothing but the queue.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <list>
#include <memory>
#include <optional>

#include <semaphore.h>

#include "lib/event/loop.h"
#include "lib/event/mutex.h"
#include "lib/event/thread.h"

namespace tandem::event {

class Worker {
 public:
  static constexpr std::size_t kRanks = 4;  // rank 0 is the most urgent
  // Runs on the worker's thread. What it returns, if anything, runs in a later turn of the loop.
  using Work = std::function<Handler()>;

  // The thread gets this name (at most 15 characters) and starts with the first piece of work.
  Worker(const char* name, Loop& loop);
  ~Worker();  // as stop()
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void post(std::size_t rank, Work work);

  // The same, and waits for the end of the work. Returns true if it has ended within `timeout`: what the work returned
  // has been run then, by the caller. Returns false on timeout: the loop runs it later, as after post().
  bool post_and_wait(std::size_t rank, Work work, std::chrono::microseconds timeout);

  // Drops what is queued with this rank. What is being executed continues.
  void discard(std::size_t rank);

  // Waits, without a limit, until everything that is queued has been executed. The loop runs what it returned later.
  void wait_until_idle();

  // Drops what is queued, waits for the piece that is being executed, and ends the thread. Nothing may be posted
  // afterwards, and the loop runs nothing of this worker any more.
  void stop();

  // From within a piece of work, on the worker's thread: first executes everything that is more urgent than `rank`.
  void run_more_urgent_than(std::size_t rank);

 private:
  struct Delivery;
  struct Piece {
    Work work;
    std::shared_ptr<Delivery> delivery{};  // of post_and_wait()
  };
  class Nearby;

  void put(std::size_t rank, Piece piece);
  void run();
  std::list<Piece> take(std::size_t ranks);
  void execute(Piece& piece);

  const char* name_;
  Loop& loop_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // gone with this object, and after stop()
  InheritingMutex mutex_;                                       // of the queue: held for a few instructions
  std::array<std::list<Piece>, kRanks> queue_;
  sem_t queued_{};
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> idle_ = false;  // the thread waits for work
  std::optional<Thread> thread_;
};

}  // namespace tandem::event
