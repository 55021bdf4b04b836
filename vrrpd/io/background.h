// SPDX-License-Identifier: Apache-2.0
// A thread for what the event loop must not wait for: it carries out one piece of work after the other, and the loop
// hears how each has ended. What a piece of work needs is in it: the threads share nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "lib/event/mutex.h"
#include "lib/event/thread.h"

namespace tandem::vrrpd::io {

template <class Work, class Outcome>
class Background {
 public:
  using Execute = std::function<Outcome(const Work&)>;     // on the thread of this class
  using Done = std::function<void(const Work&, Outcome)>;  // from the loop, in the order of begin()
  // `name`: of the thread, at most 15 characters.
  Background(const char* name, event::Loop& loop, Execute execute, Done on_done)
      : name_(name), loop_(loop), execute_(std::move(execute)), on_done_(std::move(on_done)) {}

  void begin(Work work) {
    if (!thread_) {
      thread_.emplace(name_, own_loop_, [] {});
    }
    ++under_way_;
    own_loop_.post([this, work = std::move(work), run = run_.load()] { carry_out(work, run); });
  }

  // What has begun and of which the loop has not heard yet.
  std::size_t under_way() const { return under_way_; }

  // What is not done yet is given up, without a word. When this returns nothing is done any more; it waits for the one
  // piece that is being carried out, and lends the thread its priority meanwhile.
  void stop() {
    if (under_way_ > 0) {
      under_way_ = 0;
      ++run_;
      const std::lock_guard what_is_being_carried_out(mutex_);
    }
  }

 private:
  void carry_out(const Work& work, std::uint64_t run) {
    std::optional<Outcome> outcome;
    {
      const std::lock_guard lock(mutex_);
      if (run != run_) {
        return;
      }
      outcome = execute_(work);
    }
    loop_.post([this, here = std::weak_ptr(here_), run, work, outcome = std::move(*outcome)] {
      if (!here.expired() && run == run_) {
        --under_way_;
        on_done_(work, outcome);
      }
    });
  }

  const char* name_;
  event::Loop& loop_;
  Execute execute_;
  Done on_done_;
  std::size_t under_way_ = 0;
  event::InheritingMutex mutex_;                               // held while a piece is carried out
  std::atomic<std::uint64_t> run_ = 0;                         // what belongs to another one is not wanted any more
  std::shared_ptr<bool> here_ = std::make_shared<bool>(true);  // gone with this object
  event::Loop own_loop_;
  std::optional<event::Thread> thread_;  // from the first begin() on
};

}  // namespace tandem::vrrpd::io
