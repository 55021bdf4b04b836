// SPDX-License-Identifier: Apache-2.0
// Operations that are executed together, and the virtual routers that they are for. Pure.
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "vrrpd/io/desired_state.h"
#include "vrrpd/io/kernel.h"

namespace tandem::vrrpd::io {

struct Step {
  void add(core::RouterId id, DesiredState::Key key, std::vector<Operation> operations);
  // As estimated for the kernel.
  std::chrono::microseconds cost() const;
  // Into the order of execution: that of the alternatives of Operation, and within one that of add().
  void sort();
  // Sorts, and drops what exceeds kMaxOperationsPerStep. The routers of what is dropped are unfinished. Returns the
  // devices of what was dropped and belongs to no router.
  std::vector<base::IfIndex> shorten();

  std::vector<Task> tasks;
  std::map<core::RouterId, DesiredState::Key> routers;  // with tasks
  std::map<core::RouterId, std::string> failures;       // the first of each
  std::set<core::RouterId> unfinished;                  // to be compared again
  std::set<core::RouterId> advanced;                    // something was done for them
};

}  // namespace tandem::vrrpd::io
