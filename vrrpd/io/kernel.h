// SPDX-License-Identifier: Apache-2.0
// The seam between what is to be done and who does it: kernel_worker.h has it done to Linux, tests have a kernel of
// their own, which can refuse.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "lib/base/result.h"
#include "vrrpd/io/operation.h"

namespace tandem::vrrpd::io {

// The virtual router that something is done for; kNobody: for none that still exists.
inline constexpr core::RouterId kNobody{0};
struct Task {
  core::RouterId router;
  Operation operation;
};

class Kernel {
 public:
  virtual ~Kernel() = default;
  // In order, whatever fails; one result for each. None if it takes long, because others hold the kernel's lock (RTNL):
  // the caller hears of the results when what the kernel has reported until then has been heard
  // (Reconciler::on_executed()), and must not call again before.
  virtual std::optional<std::vector<base::Result<>>> execute(std::span<const Task> tasks) = 0;
  // The same aside, without waiting: for operations that is_building() allows. Who waits hears of the results in the
  // same way (Reconciler::on_done()), in the order of the calls.
  virtual void begin(std::span<const Task> tasks) = 0;
  // What an adopted macvlan is to have when it is given back.
  virtual void remember(base::IfIndex index, const Original& original) = 0;
  // An interface is gone, and with it everything that was to be restored on it.
  virtual void forget(base::IfIndex index) = 0;
};

}  // namespace tandem::vrrpd::io
