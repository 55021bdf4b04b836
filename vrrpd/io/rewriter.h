// SPDX-License-Identifier: Apache-2.0
// Keeps the kernel's rules for packets that are to be seen as packets of the parent (decision 0038) as the virtual
// routers want them, by a thread of its own. The kernel makes all transactions of nf_tables wait for each other, those of
// a firewall that loads its rules included. Therefore addresses wait for this thread for a short time only.
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
#include "vrrpd/io/rewriting.h"

namespace tandem::vrrpd::io {

class Rewriter {
 public:
  struct Options {
    std::string instance;
    // One that the supervisor has opened (nft::open_socket()), so that what is there stays when a worker is replaced; -1:
    // a socket of its own, from the first transaction on.
    int socket;
  };
  Rewriter(event::Loop& loop, log::Logger& logger, const InterfaceTable& table, const Options& options);

  void set_lease(std::chrono::seconds lease);
  // What is wanted, and what of the interfaces has changed: the next update() takes it up.
  void want(core::RouterId id, const DesiredDevice& desired) { wanted_.want(id, desired); }
  void forget(core::RouterId id) { wanted_.forget(id); }
  void recheck(const DeviceChanges& changes);
  // Begins a transaction with all that is wanted, also if it is nothing: a worker before may have left something.
  void start() { begin(wanted_.take_changes(table_)); }
  // Begins a transaction with what has changed, if anything has.
  void update();
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
  void begin(RewriteChanges changes);
  void post(std::function<base::Result<>(Ingress&)> work);
  base::Result<> run(std::span<const std::byte> transaction);
  event::Handler report_of(const base::Result<>& result);

  log::Logger& logger_;
  const InterfaceTable& table_;
  Rewriting wanted_;
  os::FileDescriptor socket_;
  Ingress ingress_;      // of the thread
  bool failed_ = false;  // of the thread
  Pending pending_;
  event::Worker worker_;  // last: what it executes uses the other members
};

}  // namespace tandem::vrrpd::io
