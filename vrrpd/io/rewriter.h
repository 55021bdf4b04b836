// SPDX-License-Identifier: Apache-2.0
// A thread that tells the kernel whose packets are to be seen as packets of the parent (decision 0038). The kernel
// makes all transactions of nf_tables wait for each other, those of a firewall that loads its rules included. Therefore
// addresses wait for this thread for a short time only.
#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "lib/event/loop.h"
#include "lib/event/worker.h"
#include "lib/log/log.h"
#include "lib/os/fd.h"
#include "vrrpd/io/ingress.h"

namespace tandem::vrrpd::io {

class Rewriter {
 public:
  // `socket`: one that the supervisor has opened (nft::open_socket()), so that what is there stays when a worker is
  // replaced; -1: a socket of its own, from the first transaction on.
  Rewriter(event::Loop& loop, log::Logger& logger, const std::string& instance, int socket);

  void set_lease(std::chrono::seconds lease);
  void begin(RewriteChanges changes);
  void renew();
  // Removes everything, before it returns or soon after.
  void end();

  // What has begun, for another thread to wait for.
  class Pending {
   public:
    // If it removes something: waits for its end, but for kRemovalTimeout at most, and not at all while an earlier
    // transaction has not ended within that.
    void await_removal() const;

   private:
    friend class Rewriter;
    std::shared_future<void> done_{};
    std::shared_ptr<std::atomic<bool>> slow_{};
    bool removes_ = false;
  };
  const Pending& pending() const { return pending_; }

 private:
  void post(std::function<base::Result<>(Ingress&)> work);
  base::Result<> run(std::span<const std::byte> transaction);
  event::Handler report_of(const base::Result<>& result);

  log::Logger& logger_;
  os::FileDescriptor socket_;
  Ingress ingress_;      // of the thread
  bool failed_ = false;  // of the thread
  Pending pending_;
  event::Worker worker_;  // last: what it executes uses the other members
};

}  // namespace tandem::vrrpd::io
