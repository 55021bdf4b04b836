// SPDX-License-Identifier: Apache-2.0
// A thread that renews the leases of addresses. It is the one thing that is asked of the kernel all the time, and
// whoever asks waits while anybody on the machine changes many interfaces: half a second for two thousand that are
// deleted (RTNL). Adverts must not wait for that.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "lib/event/thread.h"
#include "lib/os/mutex.h"
#include "vrrpd/io/operation.h"

namespace tandem::vrrpd::io {

class Renewals {
 public:
  // Renews some, on the thread of this class. False if any of them failed.
  using Execute = std::function<bool(std::span<const AddAddress>)>;
  // Runs from the loop when all are done: whether all have succeeded.
  using Done = std::function<void(bool all)>;
  Renewals(event::Loop& loop, Execute execute, Done on_done);

  // Precondition: not is_running().
  void start(std::vector<AddAddress> due);
  bool is_running() const { return running_; }
  // What is not done yet is given up, without a word. When this returns nothing is done any more: whoever changes
  // addresses calls it first, or a renewal would bring back what was removed. It waits for a few at most.
  void stop();

 private:
  void carry_out(std::span<const AddAddress> due, std::uint64_t run);
  void finished(std::uint64_t run, bool all);

  event::Loop& loop_;
  Execute execute_;
  Done on_done_;
  bool running_ = false;
  os::InheritingMutex mutex_;                                  // held while the kernel is asked
  std::atomic<std::uint64_t> run_ = 0;                         // what belongs to another one is not wanted any more
  std::shared_ptr<bool> here_ = std::make_shared<bool>(true);  // gone with this object
  event::Loop own_loop_;
  std::optional<event::Thread> thread_;  // from the first start() on
};

}  // namespace tandem::vrrpd::io
