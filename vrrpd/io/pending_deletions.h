// SPDX-License-Identifier: Apache-2.0
// The macvlans of ours that wait for their deletion (deletion.h), by their link group. Pure.
#pragma once

#include <set>

#include "vrrpd/io/kernel_state.h"

namespace tandem::vrrpd::io {

class PendingDeletions {
 public:
  explicit PendingDeletions(const KernelState& kernel_state) : kernel_state_(kernel_state) {}

  bool empty() const { return macvlans_.empty(); }
  // The link as it is now.
  void note(const netlink::Link& link) {
    if (kernel_state_.awaits_deletion(link)) {
      macvlans_.insert(link.index);
    } else {
      macvlans_.erase(link.index);
    }
  }
  void forget(base::IfIndex index) { macvlans_.erase(index); }
  // In the place of what was noted.
  void read(const InterfaceTable& table) {
    macvlans_.clear();
    for (const auto& [index, interface] : table.all()) {
      note(interface.link);
    }
  }

 private:
  const KernelState& kernel_state_;
  std::set<base::IfIndex> macvlans_;
};

}  // namespace tandem::vrrpd::io
