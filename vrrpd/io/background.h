// SPDX-License-Identifier: Apache-2.0
// A thread for what the event loop must not wait for: it carries out one piece of work after the other, and the loop
// hears how each has ended. What a piece of work needs is in it: the threads share nothing.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
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

  void begin(Work work) { begin(std::move(work), nullptr); }

  // The same, and waits for the outcome, but for `patience` at most: if there is none by then, the loop hears of it as
  // of any other.
  std::optional<Outcome> begin_and_wait(Work work, std::chrono::microseconds patience) {
    const auto delivery = std::make_shared<Delivery>();
    auto done = delivery->done.get_future();
    begin(std::move(work), delivery);
    if (done.wait_for(patience) != std::future_status::ready && !delivery->settled.exchange(true)) {
      return std::nullopt;
    }
    --under_way_;
    return done.get();
  }

  // Waits until everything that was begun is carried out; the loop hears of it afterwards.
  void await_all() {
    if (under_way_ > 0) {
      std::promise<void> done;
      own_loop_.post([&done] { done.set_value(); });
      done.get_future().wait();
    }
  }

  // What has begun and of which the loop has not heard yet.
  std::size_t under_way() const { return under_way_; }

  // What is not done yet is given up, without a word, but for the one piece that is being carried out.
  void give_up() {
    under_way_ = 0;
    ++run_;
  }

  // Waits for that one, and lends the thread the caller's priority meanwhile. From any thread.
  void await_end() { const std::lock_guard what_is_being_carried_out(mutex_); }

  // When this returns nothing is done any more.
  void stop() {
    give_up();
    await_end();
  }

 private:
  // The receiver of an outcome: the first that comes settles it.
  struct Delivery {
    std::atomic<bool> settled = false;
    std::promise<Outcome> done;
  };

  void begin(Work work, std::shared_ptr<Delivery> delivery) {
    if (!thread_) {
      thread_.emplace(name_, own_loop_, [] {});
    }
    ++under_way_;
    own_loop_.post([this, work = std::move(work), delivery = std::move(delivery), run = run_.load()] {
      carry_out(work, run, delivery.get());
    });
  }

  void carry_out(const Work& work, std::uint64_t run, Delivery* delivery) {
    std::optional<Outcome> outcome;
    {
      const std::lock_guard lock(mutex_);
      if (run != run_) {
        return;
      }
      outcome = execute_(work);
    }
    if (delivery != nullptr && !delivery->settled.exchange(true)) {
      delivery->done.set_value(std::move(*outcome));
      return;
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
