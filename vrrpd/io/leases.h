// SPDX-License-Identifier: Apache-2.0
// The lease of the addresses that Masters have claimed, and what renews it (doc/decisions/0014). When: renewals.h.
#pragma once

#include <vector>

#include "vrrpd/io/operation.h"
#include "vrrpd/io/work_scheduler.h"

namespace tandem::vrrpd::io {

class Leases {
 public:
  Leases(InterfaceTable& table, const DesiredState& desired, WorkScheduler& scheduler)
      : table_(table), desired_(desired), scheduler_(scheduler) {}

  Lease lease() const { return lease_; }  // 0 before set(): addresses stay for ever
  // Also for what is claimed already.
  void set(Lease lease);
  // A third of the lease has passed for one part of the virtual routers, of kRenewalParts: what renews theirs.
  std::vector<AddAddress> renewals(unsigned part) const;
  // The same as work of the queue.
  void renew(unsigned part);

 private:
  InterfaceTable& table_;
  const DesiredState& desired_;
  WorkScheduler& scheduler_;
  Lease lease_{0};
};

}  // namespace tandem::vrrpd::io
