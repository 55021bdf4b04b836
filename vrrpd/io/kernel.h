// SPDX-License-Identifier: Apache-2.0
// What the Reconciler needs of the kernel. KernelWorker changes Linux; the tests have a kernel of their own, which can
// refuse.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "lib/base/result.h"
#include "vrrpd/io/desired.h"
#include "vrrpd/io/operation.h"

namespace tandem::vrrpd::io {

struct Task {
  core::RouterId router;  // that it is done for; kNoRouter: for none that still exists
  Operation operation;
};

class Kernel {
 public:
  virtual ~Kernel() = default;
  // Executes the tasks in order, also after one that has failed. Returns one result for each. Returns nullopt if that
  // takes long, because another program holds the kernel's lock (RTNL): Reconciler::on_executed() gets the results later,
  // after the notifications of what was done, and execute() must not be called before.
  virtual std::optional<std::vector<base::Result<>>> execute(std::span<const Task> tasks) = 0;
  // The same without waiting, for operations that is_building() allows. Reconciler::on_built() gets the results, in the
  // order of the calls and after the notifications of what was done.
  virtual void build(std::span<const Task> tasks) = 0;
  // What an adopted macvlan is to have when it is given back.
  virtual void remember(base::IfIndex index, const Original& original) = 0;
  // An interface is gone, and with it everything that was to be restored on it.
  virtual void forget(base::IfIndex index) = 0;
};

}  // namespace tandem::vrrpd::io
