// SPDX-License-Identifier: Apache-2.0
// When the leases of addresses are renewed (decision 0014): in each third of a lease those of one part of the virtual
// routers after the other, by the kernel worker, whenever it has nothing more urgent to do.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <span>
#include <vector>

#include "lib/event/loop.h"
#include "vrrpd/io/operation.h"

namespace tandem::vrrpd::io {

class Renewals {
 public:
  struct Actions {
    std::function<std::vector<AddAddress>(unsigned part)> due;  // what renews the leases of one part
    std::function<void(std::span<const AddAddress>)> begin;     // has it done
    std::function<bool()> is_busy;                              // the kernel is waited for, or renewals are under way
    std::function<void(unsigned part)>
        insist;                      // there was no time for it, or it has failed: becomes work like any other
    std::function<void()> on_third;  // a third of the lease is over
  };
  Renewals(event::Loop& loop, Actions actions) : actions_(std::move(actions)), timer_(loop, [this] { on_timer(); }) {}

  void set_lease(Lease lease);  // 0: nothing has to be renewed
  // From now on, with a whole period: a turn that was due before has passed.
  void start();
  void stop();
  // Begins with what is due, unless is_busy().
  void consider();
  // The results of a piece of what was begun; with `pieces_left` 0 all of it has been done.
  void on_results(std::span<const base::Result<>> results, std::size_t pieces_left);

 private:
  void on_timer();
  void set_timer();

  Actions actions_;
  event::Timer timer_;
  Lease lease_{0};
  bool started_ = false;
  unsigned part_ = 0;  // the next that becomes due
  unsigned ticks_ = 0;
  std::deque<unsigned> due_;  // parts; the first is being renewed
  bool failed_ = false;       // something of the first
};

}  // namespace tandem::vrrpd::io
