// SPDX-License-Identifier: Apache-2.0
// A child process for what the event loop must not wait for: deleting macvlans takes the kernel 16 ms and more
// (design.md §5).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>

#include "lib/base/result.h"
#include "lib/event/loop.h"

namespace tandem::vrrpd::io {

class LinkDeleter {
 public:
  // `on_done` runs from the loop when a deletion has ended, with how it ended.
  using Done = std::function<void(const base::Result<>&)>;
  LinkDeleter(event::Loop& loop, Done on_done) : loop_(loop), on_done_(std::move(on_done)) {}
  ~LinkDeleter();
  LinkDeleter(const LinkDeleter&) = delete;
  LinkDeleter& operator=(const LinkDeleter&) = delete;

  // Starts to delete all links of `group`; nothing happens if a deletion is under way already.
  base::Result<> start(std::uint32_t group);
  void wait();  // until the running one, if any, has ended; on_done is not called

 private:
  void finished();
  int reap();

  event::Loop& loop_;
  Done on_done_;
  pid_t child_ = 0;
  int pidfd_ = -1;
  std::optional<event::Watch> watch_;
};

}  // namespace tandem::vrrpd::io
