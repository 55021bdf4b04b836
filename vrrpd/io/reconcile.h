// SPDX-License-Identifier: Apache-2.0
// Compares what is wanted of the kernel with what the kernel reports and says what to do: pure functions, for one
// virtual router, macvlan or parent at a time. Carrying out the operations and comparing again yields no operations. A
// macvlan that is not there yet takes two rounds: it is created in the first, and set up in the second, when its index
// is known. Half of a round may be carried out: what remains comes out of the next comparison.
#pragma once

#include <string>
#include <vector>

#include "vrrpd/io/desired.h"
#include "vrrpd/io/kernel_state.h"
#include "vrrpd/io/operation.h"

namespace tandem::vrrpd::io {

struct RouterPlan {
  enum class Verdict {
    possible,    // by carrying out the operations, if there are any
    no_parent,   // waits for the interface
    no_macvlan,  // that is followed: waits for it
    blocked,     // waits for the removal of a macvlan of ours that has the name and is of no use
    refused,     // for `reason`
  };
  Verdict verdict = Verdict::possible;
  std::vector<Operation> operations{};
  bool lasting = false;  // refused, and it cannot serve
  // "cannot create interface vrrp4-eth1-5: another interface has that name"; blocked: what it waits for; possible: why
  // some addresses are left out.
  std::string reason{};
  bool serves_none = false;  // all of them are
};
RouterPlan plan_router(const DesiredDevice& desired, const InterfaceTable& table, const KernelState& kernel_state,
                       Lease lease);

// Whether the lease of an address has to be renewed, or corrected because another program has changed it: a third of it
// is over, or more is left than was given.
bool is_due(const netlink::Address& address, Lease lease);

// For a macvlan that no router wants: ours is silenced and gets the group of those that await their deletion, one that was adopted is silenced and given back, a
// foreign one is left alone.
std::vector<Operation> plan_giving_up(const Interface& device, const KernelState& kernel_state);

}  // namespace tandem::vrrpd::io
