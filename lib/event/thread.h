// SPDX-License-Identifier: Apache-2.0
// A loop on a thread of its own, and calls from one loop's thread to another's. The threads of a daemon share no data:
// one posts work to another, or calls it and waits (doc/decisions/0008-management-has-its-own-thread.md).
#pragma once

#include <pthread.h>

#include <csignal>
#include <future>
#include <memory>
#include <type_traits>
#include <utility>

#include "lib/event/loop.h"

namespace tandem::event {

// Blocks all signals of the calling thread while it lives; threads started meanwhile block them for good, so that the
// loop's thread gets them. SIGSYS stays unblocked: it reports a system call of the thread itself (lib/os/seccomp.h).
class SignalsBlocked {
 public:
  SignalsBlocked();
  ~SignalsBlocked();
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

class Thread {
 public:
  // Runs `loop` until it is stopped, then `on_ended`, on a new thread of that name (at most 15 characters). The thread
  // blocks all signals but SIGSYS. It runs at the creator's niceness + 10 unless the creator has real-time priority (a
  // nice thread would then only delay the end of a killed process).
  Thread(const char* name, Loop& loop, Handler on_ended);
  // The same with any function. `stop` has to make `body` return; the destructor calls it.
  Thread(const char* name, Handler body, Handler stop);
  ~Thread();  // stops the loop, or calls `stop`, and waits for the end of the thread
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  pthread_t handle() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Runs the function in a later turn of the loop, on that loop's thread, and returns its result. Blocks the caller: two
// loops must not call each other.
template <class Function>
std::invoke_result_t<Function&> call(Loop& loop, Function function) {
  // Shared: the caller may return before the loop's thread has finished set_value().
  auto task = std::make_shared<std::packaged_task<std::invoke_result_t<Function&>()>>(std::move(function));
  auto result = task->get_future();
  loop.post([task = std::move(task)] { (*task)(); });
  return result.get();
}

// As call(), for work of several turns: the function gets a callback, to be called once with the result.
template <class Result, class Function>
Result call_and_await(Loop& loop, Function function) {
  auto promise = std::make_shared<std::promise<Result>>();
  auto result = promise->get_future();
  loop.post([promise = std::move(promise), function = std::move(function)] {
    function([promise](Result value) { promise->set_value(std::move(value)); });
  });
  return result.get();
}

}  // namespace tandem::event
