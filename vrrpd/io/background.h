// SPDX-License-Identifier: Apache-2.0
// Work of one kind on a worker's thread (lib/event/worker.h): the loop hears the outcome of each piece. What a piece of
// work needs is in it: the threads share nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "lib/event/worker.h"

namespace tandem::vrrpd::io {

template <class Work, class Outcome>
class Background {
 public:
  using Execute = std::function<Outcome(const Work&)>;     // on the worker's thread
  using Done = std::function<void(const Work&, Outcome)>;  // from the loop, in the order of begin()
  Background(event::Worker& worker, std::size_t rank, Execute execute, Done on_done)
      : worker_(worker),
        rank_(rank),
        on_done_(std::move(on_done)),
        shared_(std::make_shared<Shared>(std::move(execute))) {}
  ~Background() { give_up(); }
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  void begin(Work work) {
    ++under_way_;
    worker_.post(rank_,
                 [this, work = std::move(work), shared = shared_, run = shared_->run.load()]() -> event::Handler {
                   if (run != shared->run) {
                     return {};
                   }
                   return [this, run, work, shared, outcome = shared->execute(work)] {
                     if (run == shared->run) {
                       --under_way_;
                       on_done_(work, outcome);
                     }
                   };
                 });
  }

  // The number of pieces that have begun and of whose outcome the loop has not heard yet.
  std::size_t under_way() const { return under_way_; }

  // Drops all pieces, without a call of `on_done`. The one that is being executed continues.
  void give_up() {
    under_way_ = 0;
    ++shared_->run;
  }

 private:
  // What the worker uses, also when this object is gone.
  struct Shared {
    explicit Shared(Execute what) : execute(std::move(what)) {}
    Execute execute;
    std::atomic<std::uint64_t> run = 0;  // pieces of an earlier one are dropped
  };

  event::Worker& worker_;
  std::size_t rank_;
  Done on_done_;
  std::size_t under_way_ = 0;
  std::shared_ptr<Shared> shared_;
};

}  // namespace tandem::vrrpd::io
