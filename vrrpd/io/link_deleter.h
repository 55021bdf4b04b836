// SPDX-License-Identifier: Apache-2.0
// A thread for what the event loop must not wait for: deleting macvlans takes the kernel 16 ms and more (design.md §5),
// in which it holds its lock for all changes of interfaces (RTNL). Many together take little longer than one, so they
// are deleted in bunches; between two bunches whoever waits for the lock gets it.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "lib/base/result.h"
#include "lib/event/loop.h"
#include "vrrpd/io/operation.h"

namespace tandem::vrrpd::io {

class LinkDeleter {
 public:
  // `on_done` runs from the loop when a deletion has ended, with how it ended.
  using Done = std::function<void(const base::Result<>&)>;
  LinkDeleter(event::Loop& loop, Done on_done);
  ~LinkDeleter();
  LinkDeleter(const LinkDeleter&) = delete;
  LinkDeleter& operator=(const LinkDeleter&) = delete;

  // Starts to delete what is in the graveyard; nothing happens if a deletion is under way already.
  void start(const LinkGroups& groups);
  bool is_running() const { return thread_.joinable(); }
  void wait();  // until the running one, if any, has ended; on_done is not called

 private:
  event::Loop& loop_;
  Done on_done_;
  std::shared_ptr<bool> wanted_;  // whether anybody is to hear of the end
  std::thread thread_;
};

}  // namespace tandem::vrrpd::io
