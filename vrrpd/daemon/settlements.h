// SPDX-License-Identifier: Apache-2.0
// Tells transactions when the kernel is done with their virtual routers: Waiters decides, this asks the kernel's side
// and has the timer. Used on the protocol's thread.
#pragma once

#include "vrrpd/daemon/runtime_context.h"
#include "vrrpd/daemon/waiters.h"

namespace tandem::vrrpd::daemon {

class Settlements {
 public:
  explicit Settlements(RuntimeContext& context);

  // As Runtime::when_settled().
  void when_settled(std::vector<config::RouterKey> keys, Waiters::Settled done);
  // The kernel is done with so many routers, whatever the result.
  void note(std::size_t routers, base::TimePoint now);
  // Calls those who wait no longer.
  void look();
  std::uint64_t count() const { return count_; }

 private:
  Waiters::Standing standing_of(const config::RouterKey& key) const;

  RuntimeContext& context_;
  Waiters waiters_;
  std::uint64_t count_ = 0;
  event::Timer timer_;
};

// What a transaction that waits for a router makes of the kernel's outcome. `refused_before`: the kernel had refused
// the router already before the transaction changed it, so that is not the transaction's failure.
Waiters::Standing standing(const io::Outcome& outcome, bool refused_before);

}  // namespace tandem::vrrpd::daemon
