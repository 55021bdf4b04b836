// SPDX-License-Identifier: Apache-2.0
// A thread that renews the leases of addresses. It is the one thing that is asked of the kernel all the time, and
// a request waits while another program changes many interfaces: half a second for two thousand that are
// deleted (RTNL). Adverts must not wait for that.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "vrrpd/io/background.h"
#include "vrrpd/io/operation.h"

namespace tandem::vrrpd::io {

class Renewals {
 public:
  // Renews some, on the thread of this class. False if any of them failed.
  using Execute = std::function<bool(const std::vector<AddAddress>&)>;
  // Runs from the loop when all are done: whether all have succeeded.
  using Done = std::function<void(bool all)>;
  Renewals(event::Loop& loop, Execute execute, Done on_done);

  // Precondition: not is_running().
  void start(std::span<const AddAddress> due);
  bool is_running() const { return pieces_.under_way() > 0; }
  // What is not done yet is given up, without a word, but for a few under way: a thread that changes addresses
  // calls this first and then await_end(), from whatever thread, or a renewal would bring back what was removed.
  void give_up() { pieces_.give_up(); }
  void await_end() { pieces_.await_end(); }
  // Both.
  void stop() { pieces_.stop(); }

 private:
  void on_piece_done(bool succeeded);

  Done on_done_;
  bool all_ = true;  // that are done have succeeded
  Background<std::vector<AddAddress>, bool> pieces_;
};

}  // namespace tandem::vrrpd::io
