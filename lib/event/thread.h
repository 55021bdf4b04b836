// SPDX-License-Identifier: Apache-2.0
// A loop on a thread of its own, and calls from one loop's thread to another's. The threads of a daemon share no data:
// what one wants of another it posts, or calls and waits for (doc/decisions/0008-management-has-its-own-thread.md).
#pragma once

#include <csignal>
#include <future>
#include <memory>
#include <type_traits>
#include <utility>

#include "lib/event/loop.h"

namespace tandem::event {

// While it lives the calling thread gets no signals, and the threads that it starts then never do: they are the
// loop's. But for SIGSYS, which tells a thread of its own system call (lib/os/seccomp.h).
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
  // gets no signals. The thread that makes it goes first on a busy processor: it is nicer, unless its maker has
  // real-time priority (then it would only die slowly if the process is killed).
  Thread(const char* name, Loop& loop, Handler on_ended);
  ~Thread();  // stops the loop and waits for the end
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Runs the function in a later turn of the loop, which another thread runs, and returns its result. The thread that
// calls waits: a loop must not call one that may call it.
template <class Function>
std::invoke_result_t<Function&> call(Loop& loop, Function function) {
  // Shared: the caller may be gone before the loop is quite done with telling it.
  auto task = std::make_shared<std::packaged_task<std::invoke_result_t<Function&>()>>(std::move(function));
  auto result = task->get_future();
  loop.post([task = std::move(task)] { (*task)(); });
  return result.get();
}

// The same for what takes more than one turn: the function gets a callback, to be called once with the result.
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
